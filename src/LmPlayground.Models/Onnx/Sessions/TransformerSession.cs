using LmPlayground.Models.Onnx.Graph;
using LmPlayground.Models.Onnx.Memory;

namespace LmPlayground.Models.Onnx.Sessions;

/// <summary>A sequence in a Transformer decoder: everything but the key-value cache itself.</summary>
internal abstract unsafe class TransformerSession : OnnxSession
{
    /// <summary>
    /// A run can be stopped between operators, of which the last one, the product with the whole vocabulary, takes longest:
    /// this many tokens keep it within some 50 ms for a model of 135 million parameters, at full throughput.
    /// </summary>
    public const int MaxTokensPerRun = 64;

    private readonly IntegerBuffer _tokens;
    private readonly IntegerBuffer? _positions;
    private readonly List<(IntegerBuffer Buffer, LengthInput Meaning)> _lengths = [];
    private readonly NativeBuffer? _useCache;

    /// <summary>How many tokens the bound buffers are for; 0 if they must be bound anew.</summary>
    private int _boundTokens;

    protected TransformerSession(OnnxDecoder decoder)
        : base(decoder, new LogitsMemory(decoder.Buffers, decoder.Transformer!.Logits, decoder.VocabularySize))
    {
        Graph = decoder.Transformer;
        _tokens = new IntegerBuffer(Graph.Tokens, 1);
        _positions = Graph.Positions is { } positions ? new IntegerBuffer(positions, 1) : null;
        Mask = Graph.Mask is { } mask ? new IntegerBuffer(mask, 0) : null;
        foreach (var (tensor, meaning) in Graph.LengthInputs())
            _lengths.Add((new IntegerBuffer(tensor, 1), meaning));
        _useCache = Graph.UseCache is null ? null : new NativeBuffer(1);
        Binding = new SessionBinding(decoder.Session);
        BindNumbers(Binding);
    }

    protected TransformerGraph Graph { get; }

    /// <summary>What the next run reads and writes.</summary>
    protected SessionBinding Binding { get; private set; }

    protected IntegerBuffer? Mask { get; }

    /// <summary>Makes room for <paramref name="count"/> more tokens and binds cache and mask to it.</summary>
    protected abstract void PrepareCache(int count);

    /// <summary>The run gave the cache of <paramref name="count"/> more tokens.</summary>
    protected abstract void KeepCache(int count);

    /// <summary>The run for <paramref name="count"/> more tokens failed: what it may have written does not count.</summary>
    protected abstract void DropCache(int count);

    protected sealed override int Read(ReadOnlySpan<int> tokens, CancellationToken cancellationToken)
    {
        var rows = Decoder.OnlyLastLogits ? 1 : tokens.Length;
        var logits = LogitsMemory.Prepare(rows);
        var start = Length;
        try
        {
            while (!tokens.IsEmpty)
            {
                var count = CountFor(tokens.Length);
                ReadRun(tokens[..count], logits, cancellationToken);
                tokens = tokens[count..];
                if (rows > 1)
                    logits += count * LogitsMemory.BytesPerRow;
            }
        }
        catch
        {
            if (Length > start)
                Rewind(start);
            Length = start;
            LogitsMemory.Release();
            throw;
        }

        return rows;
    }

    /// <summary>
    /// How many of the remaining tokens the next run takes. Never one of several: kernels for a single row add in another
    /// order, and 4-bit weights make up to whole units of logit from that.
    /// </summary>
    internal static int NextRun(int remaining)
    {
        var count = Math.Min(remaining, MaxTokensPerRun);
        return remaining - count == 1 ? count - 1 : count;
    }

    /// <summary>How many of the remaining tokens this session's next run takes.</summary>
    protected virtual int CountFor(int remaining) => NextRun(remaining);

    /// <summary>Lets the next run go through another binding, to which the caller has bound what only its session knows.</summary>
    protected void Use(SessionBinding binding)
    {
        if (binding == Binding)
            return;
        Binding = binding;
        _boundTokens = 0;
    }

    /// <summary>Binds the inputs of one number, whose memory stays where it is.</summary>
    protected void BindNumbers(SessionBinding binding)
    {
        foreach ((var buffer, _) in _lengths)
            binding.Input(buffer.Tensor, buffer.Pointer, CacheProbe.ScalarShape(buffer.Tensor));
        if (_useCache is not null)
            binding.Input(Graph.UseCache!, _useCache.Pointer, 1);
    }

    protected override int Nearest(int length) => length;

    protected override void Free()
    {
        Binding.Dispose();
        _tokens.Dispose();
        _positions?.Dispose();
        Mask?.Dispose();
        _useCache?.Dispose();
        foreach ((var buffer, _) in _lengths)
            buffer.Dispose();
    }

    private void WriteTokens(ReadOnlySpan<int> tokens)
    {
        if (_tokens.Grow(tokens.Length))
            _boundTokens = 0;
        if (_positions is not null && _positions.Grow(tokens.Length))
            _boundTokens = 0;
        for (var i = 0; i < tokens.Length; i++)
        {
            _tokens[i] = tokens[i];
            _positions?[i] = Length + i;
        }

        foreach (var (buffer, meaning) in _lengths)
            buffer[0] = CacheProbe.Meaning(meaning, Length, tokens.Length);
        _useCache?.AsSpan<byte>(1)[0] = Length > 0 ? (byte)1 : (byte)0;
    }

    private void ReadRun(ReadOnlySpan<int> tokens, byte* logits, CancellationToken cancellationToken)
    {
        WriteTokens(tokens);
        PrepareCache(tokens.Length);
        try
        {
            BindTokens(tokens.Length, logits);
            Run(Binding, cancellationToken);
        }
        catch
        {
            DropCache(tokens.Length);
            throw;
        }

        KeepCache(tokens.Length);
        Length += tokens.Length;
    }

    private void BindTokens(int count, byte* logits)
    {
        // One token after another is bound once; what gives more rows gets a lent buffer, so that it is bound each time.
        var isOwnRow = count == 1 && !LogitsMemory.HasLentRows;
        if (isOwnRow && _boundTokens == 1)
            return;
        _boundTokens = 0;
        Binding.Input(Graph.Tokens, _tokens.Pointer, 1, count);
        if (_positions is not null)
            Binding.Input(_positions.Tensor, _positions.Pointer, 1, count);
        Binding.Output(Graph.Logits, logits, 1, Decoder.OnlyLastLogits ? 1 : count, Decoder.VocabularySize);
        _boundTokens = isOwnRow ? 1 : 0;
    }
}
