using LmPlayground.Models.Onnx.Memory;
using LmPlayground.Models.Onnx.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace LmPlayground.Benchmarks.Decode;

/// <summary>The bare loop over a window of the last tokens.</summary>
internal sealed unsafe class BareFeedForwardLoop : BareLoop
{
    private readonly IntegerBuffer _input;
    private readonly OrtIoBinding _binding;
    private readonly int[] _window;
    private readonly int _padId;

    internal BareFeedForwardLoop(OnnxDecoder decoder)
        : base(decoder, decoder.Described!.Logits.ElementType)
    {
        var graph = decoder.Described;
        _padId = graph.Description.PadId;
        _window = new int[graph.Description.Window];
        _input = Memory.Integers(graph.Tokens, _window.Length);
        _binding = Memory.Binding();
        _binding.BindInput(graph.Tokens.Name, Memory.Tensor(graph.Tokens, (nint)_input.Pointer, 1, _window.Length));
        _binding.BindOutput(graph.Logits.Name, Memory.Tensor(graph.Logits, Row, 1, decoder.VocabularySize));
    }

    internal override int ReadPrompt(ReadOnlySpan<int> tokens)
    {
        Array.Fill(_window, _padId);
        var next = 0;
        foreach (var token in tokens)
            next = Step(token);
        return next;
    }

    internal override int Step(int token)
    {
        Array.Copy(_window, 1, _window, 0, _window.Length - 1);
        _window[^1] = token;
        for (var i = 0; i < _window.Length; i++)
            _input[i] = _window[i];
        Run(_binding);
        return Greatest(Row);
    }
}
