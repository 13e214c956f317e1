using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Files;

namespace LmPlayground.Models.Catalog;

/// <summary>SHA-256 of a model's files, worked out beside the loading of the model.</summary>
/// <remarks>
/// ONNX Runtime does not say how far it is; both read the same files at about the same speed, so the share that has been hashed stands for both.
/// </remarks>
internal sealed class FileHasher(ModelFolder folder, IProgress<double>? progress, CancellationToken cancellationToken)
{
    private long _total;
    private long _done;

    private readonly ConcurrentDictionary<string, Lazy<Task<ModelFile>>> _files = new(StringComparer.Ordinal);

    /// <summary>Begins with a file, unless that has been done.</summary>
    /// <param name="name">Its path inside the folder, with forward slashes.</param>
    public Task<ModelFile> Begin(string name) =>
        _files.GetOrAdd(name, n => new Lazy<Task<ModelFile>>(() => Task.Run(() => HashAsync(n), cancellationToken))).Value;

    /// <summary>The named files in the order of their names.</summary>
    public ImmutableArray<ModelFile> Finish(IEnumerable<string> names)
    {
        Task<ModelFile>[] tasks = [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(Begin)];
        return [.. tasks.Select(task => task.GetAwaiter().GetResult())];
    }

    /// <summary>One hash over the names and hashes of files.</summary>
    public static string ContentHash(ImmutableArray<ModelFile> files)
    {
        var list = string.Concat(files.Select(file => $"{file.Sha256}  {file.Name}\n"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list)));
    }

    private async Task<ModelFile> HashAsync(string name)
    {
        var path = folder.Find(name) ?? throw new ModelLoadException(Path.Combine(folder.Directory, name), "there is no such file.");
        try
        {
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            Interlocked.Add(ref _total, stream.Length);
            var hash = await HashAsync(stream).ConfigureAwait(false);
            return new ModelFile(name, stream.Length, Convert.ToHexStringLower(hash));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException(path, $"cannot be read: {e.Message}", e);
        }
    }

    private async Task<byte[]> HashAsync(FileStream stream)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            progress?.Report((double)Interlocked.Add(ref _done, read) / Interlocked.Read(ref _total));
        }

        return hash.GetHashAndReset();
    }
}
