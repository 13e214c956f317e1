using LmPlayground.Models.Onnx.Graph;
using LmPlayground.Models.Onnx.Memory;

namespace LmPlayground.Models.Onnx.Sessions;

/// <summary>Sequences in a Transformer decoder that are read in step: everything but the key-value caches.</summary>
internal abstract unsafe class TransformerBatch : OnnxBatch
{
    private readonly IntegerBuffer _tokens;
    private readonly IntegerBuffer? _positions;
    private readonly List<(IntegerBuffer Buffer, LengthInput Meaning)> _lengths = [];
    private readonly NativeBuffer? _useCache;

    protected TransformerBatch(OnnxDecoder decoder, IReadOnlyList<TransformerSession> sessions)
        : base(decoder, decoder.Transformer!.Logits, sessions)
    {
        Graph = decoder.Transformer;
        _tokens = new IntegerBuffer(Graph.Tokens, Count);
        _positions = Graph.Positions is { } positions ? new IntegerBuffer(positions, Count) : null;
        Mask = Graph.Mask is { } mask ? new IntegerBuffer(mask, 0) : null;
        foreach (var (tensor, meaning) in Graph.LengthInputs())
            _lengths.Add((new IntegerBuffer(tensor, Count), meaning));
        _useCache = Graph.UseCache is null ? null : new NativeBuffer(1);
    }

    protected TransformerGraph Graph { get; }

    protected IntegerBuffer? Mask { get; }

    /// <summary>How many positions of the past a run attends to, those that are masked included.</summary>
    protected abstract int PastLength { get; }

    /// <summary>Makes room for one more token in each slot, and binds cache and mask to it.</summary>
    protected abstract void PrepareCache();

    protected override void Bind(byte* logits)
    {
        Binding.Input(Graph.Tokens, _tokens.Pointer, Count, 1);
        if (_positions is not null)
            Binding.Input(_positions.Tensor, _positions.Pointer, Count, 1);
        Binding.Output(Graph.Logits, logits, Count, 1, Decoder.VocabularySize);
        foreach (var (buffer, meaning) in _lengths)
        {
            var shape = CacheProbe.ScalarShape(buffer.Tensor);
            if (meaning == LengthInput.LastIndex && shape.Length > 0)
                shape[0] = Count;
            Binding.Input(buffer.Tensor, buffer.Pointer, shape);
        }

        if (_useCache is not null)
            Binding.Input(Graph.UseCache!, _useCache.Pointer, 1);
    }

    protected override void WriteToken(int slot, int token)
    {
        _tokens[slot] = token;
        if (_positions is not null)
            _positions[slot] = Lengths[slot];
    }

    protected override void Prepare()
    {
        foreach (var (buffer, meaning) in _lengths)
        {
            for (var slot = 0; slot < Count; slot++)
                buffer[slot] = CacheProbe.Meaning(meaning, meaning == LengthInput.LastIndex ? Lengths[slot] : PastLength, 1);
        }

        _useCache?.AsSpan<byte>(1)[0] = PastLength > 0 ? (byte)1 : (byte)0;
        PrepareCache();
    }

    protected override void ReserveSlots(int count)
    {
        _tokens.Grow(count);
        _positions?.Grow(count);
        foreach ((var buffer, _) in _lengths)
            buffer.Grow(count);
    }

    protected override void Free()
    {
        _tokens.Dispose();
        _positions?.Dispose();
        Mask?.Dispose();
        _useCache?.Dispose();
        foreach ((var buffer, _) in _lengths)
            buffer.Dispose();
    }

    /// <summary>Binds the cache tensors of all slots.</summary>
    protected void BindCache(BatchCacheMemory past, int pastPositions, BatchCacheMemory present, int presentPositions)
    {
        Span<long> shape = stackalloc long[4];
        for (var i = 0; i < Graph.Caches.Length; i++)
        {
            var cache = Graph.Caches[i];
            var used = shape[..cache.Rank];
            cache.ShapeFor(pastPositions, used);
            used[0] *= Count;
            Binding.Input(cache.Past, past[i], used);
            cache.ShapeFor(presentPositions, used);
            used[0] *= Count;
            Binding.Output(cache.Present, present[i], used);
        }
    }
}
