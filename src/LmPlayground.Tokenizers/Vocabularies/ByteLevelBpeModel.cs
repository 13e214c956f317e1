using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace LmPlayground.Tokenizers.Vocabularies;

/// <summary>Byte-pair encoding over bytes: GPT-2 and all that followed it.</summary>
/// <remarks>Merges by Microsoft.ML.Tokenizers; words seen before come from a bounded cache.</remarks>
internal sealed class ByteLevelBpeModel : TokenModel
{
    /// <summary>Longer words go to our own loop: BpeTokenizer removes merged symbols one by one, which is quadratic.</summary>
    internal const int LongestForLibrary = 128;

    private const int LongestCached = 32;
    private const int CacheCapacity = 1 << 16;

    private readonly BpeTokenizer? _library;
    private readonly MergeTable _merges;
    private readonly bool _ignoreMerges;
    private readonly int[] _byteIds;
    private readonly int[] _lengths;
    private readonly ConcurrentDictionary<string, ModelToken[]> _cache = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ModelToken[]>.AlternateLookup<ReadOnlySpan<char>> _cached;
    private int _cacheCount;

    /// <param name="vocabulary">Tokens in <see cref="ByteAlphabet"/>'s spelling.</param>
    /// <param name="mergeLines">The merges as "left right", in the order of their ranks.</param>
    /// <param name="merges">The same merges by id.</param>
    /// <param name="ignoreMerges">Whether a word that is a token is taken whole, whatever the merges say (Llama 3).</param>
    public ByteLevelBpeModel(Vocabulary vocabulary, IReadOnlyCollection<string> mergeLines, MergeTable merges, bool ignoreMerges)
        : base(vocabulary)
    {
        _merges = merges;
        _ignoreMerges = ignoreMerges;
        _cached = _cache.GetAlternateLookup<ReadOnlySpan<char>>();
        _byteIds = [.. Enumerable.Range(0, 256).Select(b => vocabulary.TryGetId([ByteAlphabet.CharacterOf((byte)b)], out var id) ? id : -1)];
        _lengths = [.. Enumerable.Range(0, vocabulary.Size).Select(id => vocabulary.TokenOf(id)?.Length ?? 0)];

        // A vocabulary without all bytes drops some of them, which the library's ids alone cannot show; and it knows one text for each id.
        if (!_byteIds.Contains(-1) && !vocabulary.SharesIds)
            _library = BpeTokenizer.Create(new BpeOptions(vocabulary.Ids) { Merges = mergeLines, ByteLevel = true });
    }

    /// <summary>Whether every byte has a token, so that no text is ever unknown.</summary>
    public static bool HasAllBytes(Vocabulary vocabulary)
    {
        for (var value = 0; value < 256; value++)
        {
            if (!vocabulary.TryGetId([ByteAlphabet.CharacterOf((byte)value)], out _))
                return false;
        }

        return true;
    }

    public override void Tokenize(ReadOnlySpan<char> word, List<ModelToken> output)
    {
        if (word.Length > LongestCached)
        {
            TokenizeUncached(word, output);
            return;
        }

        if (!_cached.TryGetValue(word, out var tokens))
        {
            var fresh = new List<ModelToken>();
            TokenizeUncached(word, fresh);
            tokens = [.. fresh];

            // Full means full: ordinary text repeats its common words early.
            if (_cacheCount < CacheCapacity && _cached.TryAdd(word, tokens))
                Interlocked.Increment(ref _cacheCount);
        }

        output.AddRange(tokens);
    }

    private void TokenizeUncached(ReadOnlySpan<char> word, List<ModelToken> output)
    {
        if (_ignoreMerges && TryGetWhole(word, output))
            return;
        if (_library is null || word.Length > LongestForLibrary)
        {
            TokenizeByLoop(word, output);
            return;
        }

        var at = 0;
        foreach (var id in _library.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false))
        {
            output.Add(new ModelToken(id, at, at + _lengths[id]));
            at += _lengths[id];
        }
    }

    /// <summary>The same by our own loop, for long words and for tests to compare with.</summary>
    internal void TokenizeByLoop(ReadOnlySpan<char> word, List<ModelToken> output)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(word.Length));
        var count = Encoding.UTF8.GetBytes(word, bytes);
        var symbols = new List<ModelToken>(count);
        var at = 0;
        foreach (var value in bytes.AsSpan(0, count))
        {
            // A byte that the vocabulary lacks is dropped and, as in Hugging Face, later offsets do not count it.
            if (_byteIds[value] >= 0)
                symbols.Add(new ModelToken(_byteIds[value], at, ++at));
        }

        ArrayPool<byte>.Shared.Return(bytes);
        _merges.Apply(symbols);
        output.AddRange(symbols);
    }

    private bool TryGetWhole(ReadOnlySpan<char> word, List<ModelToken> output)
    {
        var length = Encoding.UTF8.GetByteCount(word);
        if (length > 1024)
            return false;
        Span<byte> bytes = stackalloc byte[length];
        Encoding.UTF8.GetBytes(word, bytes);
        Span<char> spelled = stackalloc char[length];
        for (var i = 0; i < length; i++)
            spelled[i] = ByteAlphabet.CharacterOf(bytes[i]);
        if (!Vocabulary.TryGetId(spelled, out var id))
            return false;
        output.Add(new ModelToken(id, 0, length));
        return true;
    }
}
