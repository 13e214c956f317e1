using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;
using LmPlayground.Tokenizers;
using Microsoft.Win32.SafeHandles;

namespace LmPlayground.Models.NGram.Storage;

/// <summary>A model's file, mapped into memory: its pages are the operating system's to read and to let go.</summary>
internal sealed unsafe class NGramFile : IDisposable
{
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly SafeMemoryMappedViewHandle _handle;
    private bool _disposed;

    private NGramFile(string path, long length)
    {
        Path = path;
        Length = length;
        _map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        try
        {
            _view = _map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            _handle = _view.SafeMemoryMappedViewHandle;
            byte* start = null;
            _handle.AcquirePointer(ref start);
            Start = start + _view.PointerOffset;
        }
        catch
        {
            _view?.Dispose();
            _map.Dispose();
            throw;
        }
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>How many bytes it has.</summary>
    public long Length { get; }

    /// <summary>Its first byte.</summary>
    public byte* Start { get; }

    /// <summary>Maps a file.</summary>
    /// <exception cref="ModelLoadException">It is missing, cannot be read, or is too short to be a model.</exception>
    public static NGramFile Open(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
                throw new ModelLoadException(path, "there is no such file.");
            if (file.Length < NGramLayout.HeaderLength(1) + NGramLayout.ChecksumLength)
                throw new ModelLoadException(path, $"has only {file.Length} bytes; it is cut off or no n-gram model.");
            return new NGramFile(path, file.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ModelLoadException(path, $"cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Checks everything that a file says and everything that a reader relies on, so that no later read can leave the file.</summary>
    /// <exception cref="ModelLoadException">Something in it cannot be.</exception>
    public NGramLayout Check()
    {
        var layout = ReadHeader();
        if (layout.Length != Length)
            throw Wrong(FormattableString.Invariant($"has {Length:N0} bytes where its header asks for {layout.Length:N0}; it is cut off or damaged"));
        Span<byte> actual = stackalloc byte[NGramLayout.ChecksumLength];
        using (var content = new UnmanagedMemoryStream(Start, layout.Checksum))
            SHA256.HashData(content, actual);
        if (!actual.SequenceEqual(new ReadOnlySpan<byte>(Start + layout.Checksum, actual.Length)))
            throw Wrong("is damaged: its content does not give its checksum. Copy or count it again");
        new NGramFileCheck(this, layout).Run();
        return layout;
    }

    /// <summary>Floats at a place.</summary>
    public ReadOnlySpan<float> Floats(long start, int count) => new(Start + start, count);

    /// <summary>The error to throw.</summary>
    public ModelLoadException Wrong(string what) => new(Path, what + ".");

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _handle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
    }

    private NGramLayout ReadHeader()
    {
        if (!new ReadOnlySpan<byte>(Start, NGramLayout.Magic.Length).SequenceEqual(NGramLayout.Magic))
            throw Wrong("is no n-gram model: it does not begin with LMPNGRAM");
        var numbers = new ReadOnlySpan<int>(Start + NGramLayout.Magic.Length, 6);
        var (version, order, vocabulary, weightBits, oddsBits) = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
        if (version != NGramLayout.Version)
            throw Wrong($"is of version {version}; this program reads version {NGramLayout.Version}. Count it again");
        if (order is < 1 or > NGramLayout.GreatestOrder)
            throw Wrong($"says its order is {order}, not 1 to {NGramLayout.GreatestOrder}");
        if (vocabulary is < 1 or > NGramLayout.GreatestVocabulary)
            throw Wrong($"says its vocabulary has {vocabulary} tokens, not 1 to {NGramLayout.GreatestVocabulary}");
        if (!NGramLayout.IsWidth(weightBits) || !NGramLayout.IsWidth(oddsBits) || numbers[5] != 0)
            throw Wrong("has a header with a width of numbers that there is not");
        if (Length < NGramLayout.HeaderLength(order) + NGramLayout.ChecksumLength)
            throw Wrong("is cut off in its header");

        var sizes = (int*)(Start + NGramLayout.HeaderLength(0));
        int[] grams = new int[order], contexts = new int[order];
        for (var level = 0; level < order; level++)
        {
            (grams[level], contexts[level]) = (sizes[2 * level], sizes[2 * level + 1]);
            if (grams[level] < 0 || contexts[level] < 0 || contexts[level] > grams[level])
                throw Wrong($"says there are {grams[level]} n-grams of length {level + 1} and {contexts[level]} contexts among them");
        }

        if (grams[0] != vocabulary || contexts[^1] != 0)
            throw Wrong("has a header whose numbers of n-grams contradict each other");
        return new NGramLayout(vocabulary, weightBits, oddsBits, grams, contexts);
    }
}
