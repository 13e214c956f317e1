using LmPlayground.Models.Onnx.Graph;
using LmPlayground.Models.Onnx.Memory;

namespace LmPlayground.Models.Onnx.Sessions;

/// <summary>
/// A sequence in a recurrent model. Two states take turns as input and output. Many tokens are read in runs that end at
/// multiples of <see cref="StateSnapshots.FirstStride"/>, where snapshots are taken: going back there gives the same bits
/// as never having gone on.
/// </summary>
internal sealed unsafe class RecurrentSession : OnnxSession
{
    private readonly LmGraph _graph;
    private readonly IntegerBuffer _tokens;
    private readonly int _stateBytes;
    private readonly NativeBuffer[] _states = new NativeBuffer[2];
    private readonly SessionBinding[] _bindings = new SessionBinding[2];
    private readonly bool[] _boundForOneToken = new bool[2];
    private readonly NativeBuffer _before;
    private readonly StateSnapshots _snapshots;

    /// <summary>Which of the two states holds what was read.</summary>
    private int _current;

    /// <summary>Starts empty: with states of zero.</summary>
    public RecurrentSession(OnnxDecoder decoder)
        : base(decoder, new LogitsMemory(decoder.Buffers, decoder.Described!.Logits, decoder.VocabularySize))
    {
        _graph = decoder.Described;
        _tokens = new IntegerBuffer(_graph.Tokens, StateSnapshots.FirstStride);
        foreach ((var input, _, var shape) in _graph.States)
            _stateBytes += (int)input.ByteLength(shape.AsSpan());
        _before = new NativeBuffer(_stateBytes);
        _snapshots = new StateSnapshots(_stateBytes);
        _states[0] = new NativeBuffer(_stateBytes);
        _states[1] = new NativeBuffer(_stateBytes);
        for (var i = 0; i < 2; i++)
        {
            _bindings[i] = new SessionBinding(decoder.Session);
            BindStates(_bindings[i], _states[i].Pointer, _states[1 - i].Pointer);
        }
    }

    /// <summary>The states after what was read, one after the other.</summary>
    internal ReadOnlySpan<byte> CurrentState => State;

    private Span<byte> State => _states[_current].AsSpan<byte>(_stateBytes);

    protected override int Read(ReadOnlySpan<int> tokens, CancellationToken cancellationToken)
    {
        var rows = Decoder.OnlyLastLogits ? 1 : tokens.Length;
        var logits = LogitsMemory.Prepare(rows);
        var start = Length;
        State.CopyTo(_before.AsSpan<byte>(_stateBytes));
        try
        {
            while (!tokens.IsEmpty)
            {
                var count = Math.Min(tokens.Length, StateSnapshots.FirstStride - Length % StateSnapshots.FirstStride);
                count = Math.Min(count, _graph.MaxTokensPerRun);
                ReadRun(tokens[..count], logits, cancellationToken);
                tokens = tokens[count..];
                if (rows > 1)
                    logits += count * LogitsMemory.BytesPerRow;
                if (tokens.IsEmpty || Length % StateSnapshots.FirstStride == 0)
                    _snapshots.Add(Length, State);
            }
        }
        catch
        {
            Length = start;
            _before.AsSpan<byte>(_stateBytes).CopyTo(State);
            _snapshots.ForgetAfter(start);
            LogitsMemory.Release();
            throw;
        }

        return rows;
    }

    protected override int Nearest(int length) => _snapshots.Nearest(length);

    protected override void Rewind(int length)
    {
        if (length == 0)
            State.Clear();
        else
            _snapshots[length].CopyTo(State);
        _snapshots.ForgetAfter(length);
    }

    protected override void CopyTo(OnnxSession empty)
    {
        var fork = (RecurrentSession)empty;
        State.CopyTo(fork.State);
        _snapshots.CopyTo(fork._snapshots);
    }

    protected override void Free()
    {
        foreach (var binding in _bindings)
            binding.Dispose();
        foreach (var state in _states)
            state.Dispose();
        _tokens.Dispose();
        _before.Dispose();
        _snapshots.Dispose();
    }

    private void ReadRun(ReadOnlySpan<int> tokens, byte* logits, CancellationToken cancellationToken)
    {
        for (var i = 0; i < tokens.Length; i++)
            _tokens[i] = tokens[i];
        Bind(tokens.Length, logits);
        Run(_bindings[_current], cancellationToken);
        _current = 1 - _current;
        Length += tokens.Length;
    }

    private void Bind(int count, byte* logits)
    {
        // The row of one-token steps stays where it is; any other place is bound each time.
        var oneToken = count == 1 && !LogitsMemory.HasLentRows;
        if (oneToken && _boundForOneToken[_current])
            return;
        var binding = _bindings[_current];
        binding.Input(_graph.Tokens, _tokens.Pointer, 1, count);
        if (_graph.Logits.Dimensions.Length == 3)
            binding.Output(_graph.Logits, logits, 1, Decoder.OnlyLastLogits ? 1 : count, Decoder.VocabularySize);
        else
            binding.Output(_graph.Logits, logits, 1, Decoder.VocabularySize);
        _boundForOneToken[_current] = oneToken;
    }

    private void BindStates(SessionBinding binding, byte* input, byte* output)
    {
        foreach (var (inputTensor, outputTensor, shape) in _graph.States)
        {
            binding.Input(inputTensor, input, shape.AsSpan());
            binding.Output(outputTensor, output, shape.AsSpan());
            var bytes = inputTensor.ByteLength(shape.AsSpan());
            input += bytes;
            output += bytes;
        }
    }
}
