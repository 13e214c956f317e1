using LmPlayground.Models.Onnx.Memory;

namespace LmPlayground.Models.Onnx.Sessions;

/// <summary>
/// A sequence of an encoder-decoder's decoder: a concatenating cache of its own, and the source's keys and values, which it shares with
/// all sequences over that source. The run that begins it goes through another graph, or another branch, than later ones.
/// </summary>
internal sealed class CrossCacheSession : ConcatCacheSession
{
    private readonly EncodedSource _source;
    private readonly SessionBinding _first;
    private readonly SessionBinding _next;

    /// <summary>Starts empty; holds the source until it is disposed.</summary>
    public CrossCacheSession(EncodedSource source)
        : base(source.Model.Decoder)
    {
        _source = source;
        _next = Binding;
        _first = new SessionBinding(source.Model.First);
        if (source.Model.IsMerged)
            BindNumbers(_first);
        source.BindFirst(_first);
        source.BindNext(_next);
    }

    protected override bool ReadsPast => Length > 0 || _source.Model.IsMerged;

    protected override int CountFor(int remaining) => Length == 0 || _source.Model.ReadsSeveral ? base.CountFor(remaining) : 1;

    protected override void PrepareCache(int count)
    {
        Use(Length == 0 ? _first : _next);
        base.PrepareCache(count);
    }

    protected override OnnxSession StartEmpty() => _source.StartEmpty();

    protected override void Free()
    {
        Use(_next);
        base.Free();
        _first.Dispose();
        _source.Release();
    }
}
