using LmPlayground.Models.Onnx.Memory;
using LmPlayground.Models.Onnx.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace LmPlayground.Benchmarks.Decode;

/// <summary>The bare loop over a recurrent state: two states take turns as input and output, with a binding for each turn.</summary>
internal sealed unsafe class BareRecurrentLoop : BareLoop
{
    private readonly IntegerBuffer _token;
    private readonly List<(nint Address, int Bytes)> _states = [];
    private readonly OrtIoBinding[] _bindings;
    private int _turn;

    internal BareRecurrentLoop(OnnxDecoder decoder)
        : base(decoder, decoder.Described!.Logits.ElementType)
    {
        var graph = decoder.Described;
        _token = Memory.Integers(graph.Tokens, 1);
        _bindings = [Memory.Binding(), Memory.Binding()];
        long[] logits = graph.Logits.Dimensions.Length == 3 ? [1, 1, decoder.VocabularySize] : [1, decoder.VocabularySize];
        foreach (var binding in _bindings)
        {
            binding.BindInput(graph.Tokens.Name, Memory.Tensor(graph.Tokens, (nint)_token.Pointer, 1, 1));
            binding.BindOutput(graph.Logits.Name, Memory.Tensor(graph.Logits, Row, logits));
        }

        foreach (var (input, output, shape) in graph.States)
        {
            var bytes = input.ByteLength(shape.AsSpan());
            nint[] sides = [Memory.Allocate(bytes), Memory.Allocate(bytes)];
            _states.AddRange(sides.Select(side => (side, (int)bytes)));
            for (var turn = 0; turn < 2; turn++)
            {
                _bindings[turn].BindInput(input.Name, Memory.Tensor(input, sides[turn], [.. shape]));
                _bindings[turn].BindOutput(output.Name, Memory.Tensor(output, sides[1 - turn], [.. shape]));
            }
        }
    }

    internal override int ReadPrompt(ReadOnlySpan<int> tokens)
    {
        foreach (var (address, bytes) in _states)
            new Span<byte>((void*)address, bytes).Clear();
        var next = 0;
        foreach (var token in tokens)
            next = Step(token);
        return next;
    }

    internal override int Step(int token)
    {
        _token[0] = token;
        Run(_bindings[_turn]);
        _turn = 1 - _turn;
        return Greatest(Row);
    }
}
