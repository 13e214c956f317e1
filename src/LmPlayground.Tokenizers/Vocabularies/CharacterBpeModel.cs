using System.Buffers;
using System.Text;

namespace LmPlayground.Tokenizers.Vocabularies;

/// <summary>Byte-pair encoding over characters: Llama 2's, Mistral's, and plain vocabularies of letters.</summary>
/// <remarks>
/// Not Microsoft.ML.Tokenizers' BpeTokenizer, which has no byte fallback, splits merges at spaces that belong to tokens, and
/// has no place for what Hugging Face does with characters that are missing from the vocabulary.
/// </remarks>
internal sealed class CharacterBpeModel : TokenModel
{
    private readonly MergeTable _merges;
    private readonly CharacterBpeOptions _options;
    private readonly int[]? _byteIds;

    public CharacterBpeModel(Vocabulary vocabulary, MergeTable merges, CharacterBpeOptions options)
        : base(vocabulary)
    {
        _merges = merges;
        _options = options;
        if (options.ByteFallback)
            _byteIds = [.. Enumerable.Range(0, 256).Select(b => vocabulary.TryGetId($"<0x{b:X2}>", out var id) ? id : -1)];
    }

    public override void Tokenize(ReadOnlySpan<char> word, List<ModelToken> output)
    {
        if (_options.IgnoreMerges && Vocabulary.TryGetId(word, out var whole))
        {
            output.Add(new ModelToken(whole, 0, Encoding.UTF8.GetByteCount(word)));
            return;
        }

        var symbols = Symbols(word);
        _merges.Apply(symbols);
        output.AddRange(symbols);
    }

    private List<ModelToken> Symbols(ReadOnlySpan<char> word)
    {
        var symbols = new List<ModelToken>(word.Length);
        (int Start, int End)? unknown = null;
        var at = 0;
        Span<byte> bytes = stackalloc byte[4];
        for (var i = 0; i < word.Length;)
        {
            var status = Rune.DecodeFromUtf16(word[i..], out var rune, out var units);
            System.Diagnostics.Debug.Assert(status == OperationStatus.Done, "Texts hold no lone surrogates.");
            var length = rune.EncodeToUtf8(bytes);
            if (TryGetSymbol(word.Slice(i, units), i == 0, i + units == word.Length, out var id))
            {
                FlushUnknown();
                symbols.Add(new ModelToken(id, at, at + length));
                at += length;
            }
            else if (_byteIds is not null && AllKnown(bytes[..length]))
            {
                FlushUnknown();
                foreach (var b in bytes[..length])
                {
                    symbols.Add(new ModelToken(_byteIds[b], at, at + 1));
                    at++;
                }
            }
            else if (_options.UnknownId is not null)
            {
                if (!_options.FuseUnknown)
                    FlushUnknown();
                unknown = (unknown?.Start ?? at, at + length);
                at += length;
            }

            // Without an unknown token the character is dropped and, as in Hugging Face, later offsets do not count it.
            i += units;
        }

        FlushUnknown();
        return symbols;

        void FlushUnknown()
        {
            if (unknown is { } run)
                symbols.Add(new ModelToken(_options.UnknownId!.Value, run.Start, run.End));
            unknown = null;
        }
    }

    private bool TryGetSymbol(ReadOnlySpan<char> character, bool isFirst, bool isLast, out int id)
    {
        var prefix = isFirst ? "" : _options.ContinuingPrefix;
        var suffix = isLast ? _options.WordSuffix : "";
        return prefix.Length + suffix.Length == 0
            ? Vocabulary.TryGetId(character, out id)
            : Vocabulary.TryGetId(string.Concat(prefix, character, suffix), out id);
    }

    private bool AllKnown(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            if (_byteIds![b] < 0)
                return false;
        }

        return true;
    }
}

/// <summary>How characters outside the vocabulary and words in it are treated.</summary>
internal sealed record CharacterBpeOptions
{
    /// <summary>The token for unknown characters; without one they are dropped.</summary>
    public int? UnknownId { get; init; }

    /// <summary>Whether neighbouring unknown characters share a token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Whether unknown characters are spelled by their bytes' tokens.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Whether a word that is a token is taken whole.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>What marks characters inside a word.</summary>
    public string ContinuingPrefix { get; init; } = "";

    /// <summary>What marks the last character of a word.</summary>
    public string WordSuffix { get; init; } = "";
}
