namespace LmPlayground.Tokenizers.Decoders.Chain;

/// <summary>The marks of a word's end become a space, and nothing in the last token: they wait for the next.</summary>
internal sealed class BpeSuffixStep(string suffix) : DecoderStep
{
    private string _held = "";
    private bool _isOpen;

    public override void Begin()
    {
        Close(" ");
        _isOpen = true;
        Next.Begin();
    }

    public override void Add(string text)
    {
        _held += text;
        var found = suffix.Length == 0 ? -1 : _held.IndexOf(suffix, StringComparison.Ordinal);
        Give(found >= 0 ? found : _held.Length - LiteralReplacer.HeldLength(_held, suffix));
    }

    public override void End()
    {
        if (suffix.Length == 0 || !_held.Contains(suffix, StringComparison.Ordinal))
            Give(_held.Length);
    }

    public override void Finish()
    {
        Close("");
        Next.Finish();
    }

    private void Give(int length)
    {
        base.Add(_held[..length]);
        _held = _held[length..];
    }

    private void Close(string mark)
    {
        if (!_isOpen)
            return;
        _held = suffix.Length == 0 ? _held : _held.Replace(suffix, mark, StringComparison.Ordinal);
        Give(_held.Length);
        Next.End();
        _isOpen = false;
    }
}
