using System.Text;
using LmPlayground.Tokenizers.Decoders;
using LmPlayground.Tokenizers.Decoders.Chain;
using LmPlayground.Tokenizers.Normalizers;
using LmPlayground.Tokenizers.PostProcessors;
using LmPlayground.Tokenizers.PreTokenizers;
using LmPlayground.Tokenizers.Text;
using LmPlayground.Tokenizers.Vocabularies;

namespace LmPlayground.Tokenizers.Pipeline;

/// <summary>The steps of a <c>tokenizer.json</c> in a row: added tokens, normalizer, pre-tokenizer, model, post-processor; and the decoder back.</summary>
internal sealed class PipelineTokenizer : ModelTokenizer
{
    private readonly TextNormalizer? _normalizer;
    private readonly PreTokenizer? _preTokenizer;
    private readonly TokenModel _model;
    private readonly PostProcessor? _postProcessor;
    private readonly Dictionary<int, AddedToken> _added;
    private readonly Dictionary<string, int> _addedIds;
    private readonly AddedTokenMatcher _rawMatcher;
    private readonly AddedTokenMatcher _normalizedMatcher;
    private readonly TokenBytes _bytes;
    private readonly DecoderChain? _chain;

    public PipelineTokenizer(
        TextNormalizer? normalizer,
        PreTokenizer? preTokenizer,
        TokenModel model,
        PostProcessor? postProcessor,
        TokenDecoder decoder,
        IReadOnlyCollection<AddedToken> addedTokens,
        IReadOnlyList<string> notices)
    {
        Notices = notices;
        _normalizer = normalizer;
        _preTokenizer = preTokenizer;
        _model = model;
        _postProcessor = postProcessor;

        // Two texts may have one id, which is written like the last.
        _added = [];
        foreach (var token in addedTokens)
            _added[token.Id] = token;
        _addedIds = addedTokens.ToDictionary(t => t.Content, t => t.Id, StringComparer.Ordinal);
        _rawMatcher = new AddedTokenMatcher(addedTokens.Where(t => !t.Normalized));
        _normalizedMatcher = new AddedTokenMatcher(addedTokens.Where(t => t.Normalized).Select(Normalized));
        VocabularySize = Math.Max(model.Vocabulary.Size, addedTokens.Count == 0 ? 0 : addedTokens.Max(t => t.Id) + 1);
        _chain = decoder as DecoderChain;
        _bytes = new TokenBytes(this, decoder, SpacedTokens(addedTokens, decoder));
    }

    public override int VocabularySize { get; }

    public override IReadOnlyList<string> Notices { get; }

    public override IReadOnlyList<TextToken> Encode(string text, bool addSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = WithoutLoneSurrogates(text);
        var tokens = new List<TextToken>(text.Length / 4 + 4);
        var stretches = new List<(AddedToken? Token, int Start, int Length)>();
        _rawMatcher.Split(text, stretches);
        foreach (var (token, start, length) in stretches)
        {
            if (token is not null)
                tokens.Add(new TextToken(token.Id, start, length));
            else
                EncodeStretch(new NormalizedText(text.Substring(start, length), start), tokens);
        }

        _postProcessor?.Process(text, tokens, addSpecialTokens, TokenOf);
        return tokens;
    }

    public override string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = false)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return _chain is null ? _bytes.Decode(ids, skipSpecialTokens) : _chain.Decode(ChainStreamDecoder.TokensOf(this, ids, skipSpecialTokens));
    }

    public override string? TokenOf(int id) => _added.TryGetValue(id, out var added) ? added.Content : _model.Vocabulary.TokenOf(id);

    public override int? IdOf(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (_addedIds.TryGetValue(token, out var added))
            return added;
        return _model.Vocabulary.TryGetId(token, out var id) ? id : null;
    }

    public override bool IsSpecial(int id) => _added.TryGetValue(id, out var added) && added.Special;

    public override string Describe(int id) => _bytes.Describe(id);

    public override ReadOnlyMemory<byte> BytesOf(int id) => _bytes.Of(id, false, false) is { } own ? (byte[])[.. own, .. _bytes.OwedAfter(id)] : default;

    public override TokenStreamDecoder StartStream(bool skipSpecialTokens = true) =>
        _chain is null ? new PipelineStreamDecoder(_bytes, skipSpecialTokens) : new ChainStreamDecoder(this, _chain, skipSpecialTokens);

    private void EncodeStretch(NormalizedText text, List<TextToken> tokens)
    {
        if (_normalizer is not null)
            text = _normalizer.Normalize(text);
        var stretches = new List<(AddedToken? Token, int Start, int Length)>();
        _normalizedMatcher.Split(text.Text, stretches);
        var pieces = new List<TextPiece>();
        var found = new List<ModelToken>();
        foreach (var (token, start, length) in stretches)
        {
            if (token is not null)
            {
                var original = text.OriginalStart(start);
                tokens.Add(new TextToken(token.Id, original, text.OriginalEnd(start + length - 1) - original));
                continue;
            }

            pieces.Clear();
            var piece = new TextPiece(text, start, length);
            if (_preTokenizer is null)
                pieces.Add(piece);
            else
                _preTokenizer.Split(piece, pieces);
            foreach (var word in pieces)
            {
                found.Clear();
                _model.Tokenize(word.Span, found);
                ByteOffsets.AddTokens(word, found, tokens);
            }
        }
    }

    /// <summary>
    /// The added tokens that are only found behind a space, since the normalizer puts one in front of what is looked for: inside a text they
    /// are decoded with it.
    /// </summary>
    private HashSet<int> SpacedTokens(IEnumerable<AddedToken> tokens, TokenDecoder decoder)
    {
        return [.. tokens.Where(token => token.Normalized && _added[token.Id] == token && IsSpaced(token.Content, Normalized(token).Content)).Select(token => token.Id)];

        bool IsSpaced(string content, string normalized) =>
            normalized != content && decoder.BytesOf(normalized, false).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(" " + content));
    }

    private AddedToken Normalized(AddedToken token) =>
        _normalizer is null ? token : token with { Content = _normalizer.Normalize(new NormalizedText(token.Content)).Text };

    private static string WithoutLoneSurrogates(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
            return text;
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            clean.Append(rune);
        return clean.ToString();
    }
}
