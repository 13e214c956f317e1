using LmPlayground.Models.Onnx.Graph;
using LmPlayground.Models.Onnx.Memory;

namespace LmPlayground.Models.Onnx.Sessions;

/// <summary>Sequences in a feed-forward model over the last tokens that are read in step: a window in each slot.</summary>
internal sealed unsafe class FeedForwardBatch : OnnxBatch
{
    private readonly LmGraph _graph;
    private readonly IntegerBuffer _windows;
    private int[] _ids;

    /// <summary>Copies the last tokens of <paramref name="sessions"/>.</summary>
    public FeedForwardBatch(OnnxDecoder decoder, IReadOnlyList<FeedForwardSession> sessions)
        : base(decoder, decoder.Described!.Logits, sessions)
    {
        _graph = decoder.Described;
        _windows = new IntegerBuffer(_graph.Tokens, Count * Window);
        _ids = new int[Count * (Window + 1)];
        for (var slot = 0; slot < Count; slot++)
        {
            var read = sessions[slot].Ids;
            for (var i = 0; i < Window; i++)
                IdsOf(slot)[i] = read.Count - Window + i is >= 0 and var index ? read[index] : _graph.Description.PadId;
        }
    }

    private int Window => _graph.Description.Window;

    protected override void Bind(byte* logits)
    {
        Binding.Input(_graph.Tokens, _windows.Pointer, Count, Window);
        Binding.Output(_graph.Logits, logits, Count, Decoder.VocabularySize);
    }

    protected override void WriteToken(int slot, int token)
    {
        var ids = IdsOf(slot);
        ids[Window] = token;
        for (var i = 0; i < Window; i++)
            _windows[slot * Window + i] = ids[i + 1];
    }

    protected override void Prepare()
    {
        // The windows are all there is.
    }

    protected override void KeepTokens()
    {
        for (var slot = 0; slot < Count; slot++)
            IdsOf(slot)[1..].CopyTo(IdsOf(slot));
    }

    protected override void ReserveSlots(int count)
    {
        _windows.Grow(count * Window);
        if (_ids.Length < count * (Window + 1))
            Array.Resize(ref _ids, count * (Window + 1));
    }

    protected override void Copy(int from, int to) => IdsOf(from).CopyTo(IdsOf(to));

    protected override void Free() => _windows.Dispose();

    /// <summary>The window of a slot, and the place of the token that is read next.</summary>
    private Span<int> IdsOf(int slot) => _ids.AsSpan(slot * (Window + 1), Window + 1);
}
