namespace LmPlayground.Tokenizers.Decoders.Chain;

/// <summary>
/// One step of a decoder that has any steps in any order. Tokens come to it piece by piece, as far as they are known, and go on to the
/// next step: what is certain of a text is given at once, and what came to the end is the text of the whole.
/// </summary>
/// <remarks>Its state is in values that never change, so that a copy is a fork. Not thread-safe.</remarks>
internal abstract class DecoderStep
{
    private DecoderStep? _next;

    /// <summary>What takes the tokens of this step.</summary>
    public DecoderStep Next
    {
        protected get => _next!;
        init => _next = value;
    }

    /// <summary>The end of the chain.</summary>
    public TextEnd Last => this as TextEnd ?? Next.Last;

    /// <summary>A token begins.</summary>
    public virtual void Begin() => Next.Begin();

    /// <summary>The token goes on.</summary>
    public virtual void Add(string text)
    {
        if (text.Length > 0)
            Next.Add(text);
    }

    /// <summary>The token ends.</summary>
    public virtual void End() => Next.End();

    /// <summary>No more tokens come.</summary>
    public virtual void Finish() => Next.Finish();

    /// <summary>A second chain from here on in the same state.</summary>
    public virtual DecoderStep Fork()
    {
        var fork = (DecoderStep)MemberwiseClone();
        fork._next = _next?.Fork();
        return fork;
    }
}

/// <summary>The end of a chain: the text.</summary>
internal sealed class TextEnd : DecoderStep
{
    private string _text = "";

    /// <summary>Takes the text that came since the last time.</summary>
    public string Take()
    {
        var text = _text;
        _text = "";
        return text;
    }

    public override void Begin()
    {
    }

    public override void Add(string text) => _text += text;

    public override void End()
    {
    }

    public override void Finish()
    {
    }
}

/// <summary>Rewrites each token by itself.</summary>
internal sealed class RewritingStep(TokenRewriter rewriter) : DecoderStep
{
    private TokenRewriter _rewriter = rewriter;
    private bool _isLater;

    public override void Begin()
    {
        _rewriter.Begin(!_isLater);
        _isLater = true;
        Next.Begin();
    }

    public override void Add(string text) => base.Add(_rewriter.Add(text));

    public override void End()
    {
        base.Add(_rewriter.End());
        Next.End();
    }

    public override DecoderStep Fork()
    {
        var fork = (RewritingStep)base.Fork();
        fork._rewriter = _rewriter.Fork();
        return fork;
    }
}

/// <summary>All tokens become one.</summary>
internal sealed class FusingStep : DecoderStep
{
    private bool _hasBegun;

    public override void Begin()
    {
        if (!_hasBegun)
            Next.Begin();
        _hasBegun = true;
    }

    public override void End()
    {
    }

    public override void Finish()
    {
        Begin();
        Next.End();
        Next.Finish();
    }
}
