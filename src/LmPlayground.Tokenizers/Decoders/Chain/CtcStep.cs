namespace LmPlayground.Tokenizers.Decoders.Chain;

/// <summary>Drops what is repeated, then what is left empty: the decoder of speech.</summary>
/// <param name="rewriter">What becomes of a token.</param>
/// <param name="isEndless">Whether the one token has no end, so that nothing repeats it.</param>
internal sealed class CtcStep(TokenRewriter rewriter, bool isEndless) : DecoderStep
{
    private TokenRewriter _rewriter = rewriter;
    private string? _previous;
    private string _token = "";
    private bool _hasBegun;

    public override void Begin()
    {
        (_token, _hasBegun) = ("", false);
        _rewriter.Begin(isFirst: _previous is null);
    }

    public override void Add(string text)
    {
        if (isEndless)
            Give(_rewriter.Add(text));
        else
            _token += text;
    }

    public override void End()
    {
        if (!isEndless && _token == _previous)
            return;
        _previous = _token;
        Give(_rewriter.Add(_token) + _rewriter.End());
        if (_hasBegun)
            Next.End();
    }

    public override DecoderStep Fork()
    {
        var fork = (CtcStep)base.Fork();
        fork._rewriter = _rewriter.Fork();
        return fork;
    }

    private void Give(string text)
    {
        if (text.Length == 0)
            return;
        if (!_hasBegun)
            Next.Begin();
        _hasBegun = true;
        Next.Add(text);
    }
}
