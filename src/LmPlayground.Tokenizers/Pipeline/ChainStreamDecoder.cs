using LmPlayground.Tokenizers.Decoders.Chain;

namespace LmPlayground.Tokenizers.Pipeline;

/// <summary>Token ids to text as they come, for a decoder of any steps.</summary>
internal sealed class ChainStreamDecoder : TokenStreamDecoder
{
    private readonly ModelTokenizer _tokenizer;
    private readonly DecoderStep _first;
    private readonly TextEnd _end;
    private readonly bool _skipsSpecialTokens;

    public ChainStreamDecoder(ModelTokenizer tokenizer, DecoderChain chain, bool skipSpecialTokens)
    {
        _tokenizer = tokenizer;
        _skipsSpecialTokens = skipSpecialTokens;
        (_first, _end) = chain.Start(isWhole: false);
    }

    private ChainStreamDecoder(ChainStreamDecoder other)
    {
        _tokenizer = other._tokenizer;
        _skipsSpecialTokens = other._skipsSpecialTokens;
        _first = other._first.Fork();
        _end = _first.Last;
    }

    /// <summary>The tokens of a sequence that have text.</summary>
    public static IEnumerable<string> TokensOf(ModelTokenizer tokenizer, IEnumerable<int> ids, bool skipSpecialTokens) =>
        ids.Where(id => !skipSpecialTokens || !tokenizer.IsSpecial(id)).Select(tokenizer.TokenOf).OfType<string>();

    public override string Append(int id)
    {
        foreach (var token in TokensOf(_tokenizer, [id], _skipsSpecialTokens))
            DecoderChain.Append(_first, token);
        return _end.Take();
    }

    public override TokenStreamDecoder Fork() => new ChainStreamDecoder(this);
}
