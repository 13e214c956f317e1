using System.Collections.Immutable;
using LmPlayground.Models.Onnx.Graph;
using LmPlayground.Models.Onnx.Memory;

namespace LmPlayground.Models.Onnx.Sessions;

/// <summary>
/// Sequences in a recurrent model that are read in step. Each slot keeps its states as a session does, one after the other; for a run they are
/// laid side by side along the states' batch dimension, which need not be the first. A few kilobytes move, next to megabytes of weights.
/// </summary>
internal sealed unsafe class RecurrentBatch : OnnxBatch
{
    private readonly LmGraph _graph;
    private readonly ImmutableArray<int> _axes;
    private readonly IntegerBuffer _tokens;
    private readonly int _stateBytes;
    private NativeBuffer _states;
    private NativeBuffer _input;
    private NativeBuffer _output;

    /// <summary>Copies the states of <paramref name="sessions"/>.</summary>
    /// <param name="decoder">Their model.</param>
    /// <param name="sessions">The sessions.</param>
    /// <param name="axes">The batch dimension of each state.</param>
    public RecurrentBatch(OnnxDecoder decoder, IReadOnlyList<RecurrentSession> sessions, ImmutableArray<int> axes)
        : base(decoder, decoder.Described!.Logits, sessions)
    {
        _graph = decoder.Described;
        _axes = axes;
        _tokens = new IntegerBuffer(_graph.Tokens, Count);
        _stateBytes = sessions[0].CurrentState.Length;
        _states = new NativeBuffer((long)_stateBytes * Count);
        _input = new NativeBuffer(_states.Length);
        _output = new NativeBuffer(_states.Length);
        for (var slot = 0; slot < Count; slot++)
            sessions[slot].CurrentState.CopyTo(StateOf(slot));
    }

    /// <summary>The batch dimension of each state of a graph: the one that it leaves open. Empty where a state has none, or several.</summary>
    public static ImmutableArray<int> FindAxes(LmGraph graph)
    {
        var axes = ImmutableArray.CreateBuilder<int>();
        foreach ((var input, _, var shape) in graph.States)
        {
            int[] open = [.. Enumerable.Range(0, shape.Length).Where(i => input.Dimensions[i] < 0 && shape[i] == 1)];
            if (open.Length != 1)
                return [];
            axes.Add(open[0]);
        }

        return axes.ToImmutable();
    }

    protected override void Bind(byte* logits)
    {
        Binding.Input(_graph.Tokens, _tokens.Pointer, Count, 1);
        if (_graph.Logits.Dimensions.Length == 3)
            Binding.Output(_graph.Logits, logits, Count, 1, Decoder.VocabularySize);
        else
            Binding.Output(_graph.Logits, logits, Count, Decoder.VocabularySize);
        var input = _input.Pointer;
        var output = _output.Pointer;
        for (var i = 0; i < _graph.States.Length; i++)
        {
            var (inputTensor, outputTensor, shape) = _graph.States[i];
            long[] all = [.. shape];
            all[_axes[i]] = Count;
            Binding.Input(inputTensor, input, all);
            Binding.Output(outputTensor, output, all);
            input += inputTensor.ByteLength(all);
            output += inputTensor.ByteLength(all);
        }
    }

    protected override void WriteToken(int slot, int token) => _tokens[slot] = token;

    protected override void Prepare() => Move(_input.Pointer, gather: true);

    protected override void KeepTokens() => Move(_output.Pointer, gather: false);

    protected override void ReserveSlots(int count)
    {
        _tokens.Grow(count);
        var length = (long)_stateBytes * count;
        if (_states.Length >= length)
            return;
        NativeBuffer states = new(length), input = new(length), output = new(length);
        _states.AsSpan<byte>(_stateBytes * Count).CopyTo(states.AsSpan<byte>(_stateBytes * Count));
        FreeStates();
        (_states, _input, _output) = (states, input, output);
    }

    protected override void Copy(int from, int to) => StateOf(from).CopyTo(StateOf(to));

    protected override void Free()
    {
        _tokens.Dispose();
        FreeStates();
    }

    private Span<byte> StateOf(int slot) => new Span<byte>(_states.Pointer + (long)slot * _stateBytes, _stateBytes);

    private void FreeStates()
    {
        _states.Dispose();
        _input.Dispose();
        _output.Dispose();
    }

    /// <summary>Copies the states of all slots to or from the layout of a run.</summary>
    private void Move(byte* run, bool gather)
    {
        long offset = 0;
        for (var i = 0; i < _graph.States.Length; i++)
        {
            (var tensor, _, var shape) = _graph.States[i];
            long bytes = tensor.ByteLength(shape.AsSpan()), piece = tensor.ByteLength(shape.AsSpan()[(_axes[i] + 1)..]);
            for (long outer = 0; outer < bytes / piece; outer++)
            {
                for (var slot = 0; slot < Count; slot++)
                {
                    var state = _states.Pointer + (long)slot * _stateBytes + offset + outer * piece;
                    Buffer.MemoryCopy(gather ? state : run, gather ? run : state, piece, piece);
                    run += piece;
                }
            }

            offset += bytes;
        }
    }
}
