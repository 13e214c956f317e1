using System.Text;
using LmPlayground.Tokenizers.Text;
using LmPlayground.Tokenizers.Vocabularies;

namespace LmPlayground.Tokenizers.Decoders.Chain;

/// <summary>
/// A run of tokens that spell bytes becomes one token, or one replacement character for each where the bytes are no text. As the tokens come,
/// whole characters are given at once, and what cannot become one is dropped.
/// </summary>
/// <param name="isWhole">Whether all tokens are there, so that nothing is to be given before its run is complete.</param>
internal sealed class ByteFallbackStep(bool isWhole) : DecoderStep
{
    private string _token = "";
    private bool _passes;
    private bool _isRun;
    private byte[] _run = [];
    private Utf8Stream _stream;

    public override void Begin() => (_token, _passes) = ("", false);

    public override void Add(string text)
    {
        _token += text;
        if (_passes)
            base.Add(text);
        else if (!FallbackByte.MayBegin(_token) && !FallbackByte.TryRead(_token, out _))
            Pass();
    }

    public override void End()
    {
        if (!_passes && FallbackByte.TryRead(_token, out var value))
        {
            AddByte(value);
            return;
        }

        if (!_passes)
            Pass();
        Next.End();
    }

    public override void Finish()
    {
        EndRun();
        Next.Finish();
    }

    private void Pass()
    {
        EndRun();
        _passes = true;
        Next.Begin();
        base.Add(_token);
    }

    private void AddByte(byte value)
    {
        if (isWhole)
        {
            _run = [.. _run, value];
            return;
        }

        if (!_isRun)
            Next.Begin();
        _isRun = true;
        base.Add(_stream.Append([value]));
    }

    private void EndRun()
    {
        if (_isRun)
            Next.End();
        var isText = System.Text.Unicode.Utf8.IsValid(_run);
        for (var i = 0; i < (isText ? Math.Min(1, _run.Length) : _run.Length); i++)
        {
            Next.Begin();
            base.Add(isText ? Encoding.UTF8.GetString(_run) : "\uFFFD");
            Next.End();
        }

        (_isRun, _run, _stream) = (false, [], default);
    }
}

/// <summary>All tokens become one, of the bytes that their characters stand for.</summary>
/// <param name="isWhole">Whether all tokens are there: bytes that are no text become replacement characters rather than nothing.</param>
/// <param name="isEndless">Whether the one token has no end, and what is most likely is to be given.</param>
internal sealed class ByteLevelStep(bool isWhole, bool isEndless) : DecoderStep
{
    private string _token = "";
    private byte[] _bytes = [];
    private Utf8Stream _stream;
    private bool _hasBegun;

    public override void Begin()
    {
        if (!_hasBegun)
            Next.Begin();
        _hasBegun = true;
    }

    public override void Add(string text)
    {
        _token += text;
        if (isEndless)
            End();
    }

    public override void End()
    {
        var bytes = ByteAlphabet.BytesOf(_token);
        _token = "";
        if (isWhole)
            _bytes = [.. _bytes, .. bytes];
        else
            base.Add(_stream.Append(bytes));
    }

    public override void Finish()
    {
        Begin();
        base.Add(Encoding.UTF8.GetString(_bytes));
        Next.End();
        Next.Finish();
    }
}
