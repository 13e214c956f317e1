using LmPlayground.Models;
using LmPlayground.Models.Onnx.Graph;
using LmPlayground.Models.Onnx.Memory;
using LmPlayground.Models.Onnx.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace LmPlayground.Benchmarks.Decode;

/// <summary>
/// The bare loop over a key-value cache. Every step has a binding of its own, made beforehand: where the cache grows, no tensor is made
/// or bound inside the loop, which is more than a loop of unknown length can have.
/// </summary>
internal sealed unsafe class BareTransformerLoop : BareLoop
{
    private readonly TransformerGraph _graph;
    private readonly int _promptLength;
    private readonly bool _onlyLast;
    private readonly int _vocabularySize;
    private readonly IntegerBuffer _tokens;
    private readonly IntegerBuffer? _positions;
    private readonly List<(IntegerBuffer Buffer, LengthInput Meaning)> _lengths = [];
    private readonly nint _useCache;
    private readonly nint _promptRows;
    private readonly OrtIoBinding _prompt;
    private readonly OrtIoBinding[] _steps;
    private int _length;

    internal BareTransformerLoop(OnnxDecoder decoder, int promptLength, int steps)
        : base(decoder, decoder.Transformer!.Logits.ElementType)
    {
        _graph = decoder.Transformer;
        _promptLength = promptLength;
        _onlyLast = decoder.OnlyLastLogits;
        _vocabularySize = decoder.VocabularySize;
        _tokens = Memory.Integers(_graph.Tokens, promptLength);
        _positions = _graph.Positions is { } positions ? Memory.Integers(positions, promptLength) : null;
        foreach (var (tensor, meaning) in _graph.LengthInputs())
            _lengths.Add((Memory.Integers(tensor, 1), meaning));
        _useCache = Memory.Allocate(1);
        _promptRows = Memory.Allocate((long)promptLength * _vocabularySize * sizeof(float));

        var capacity = promptLength + steps;
        var mask = _graph.Mask is { } declared ? Memory.Integers(declared, capacity) : null;
        mask?.Fill(0, capacity, 1);
        var caches = decoder.Kind == ModelKind.SharedCacheDecoder ? SharedCaches(capacity) : GrowingCaches(promptLength, capacity);
        _prompt = Bind(promptLength, promptLength, mask, caches(0), caches(promptLength));
        _steps = [.. Enumerable.Range(promptLength, steps).Select(past => Bind(1, past + 1, mask, caches(past), caches(past + 1)))];
    }

    internal override int ReadPrompt(ReadOnlySpan<int> tokens)
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            _tokens[i] = tokens[i];
            _positions?[i] = i;
        }

        _length = 0;
        Run(_prompt, tokens.Length);
        return Greatest(_onlyLast ? _promptRows : _promptRows + (nint)(tokens.Length - 1) * _vocabularySize * sizeof(float));
    }

    internal override int Step(int token)
    {
        _tokens[0] = token;
        _positions?[0] = _length;
        Run(_steps[_length - _promptLength], 1);
        return Greatest(Row);
    }

    private void Run(OrtIoBinding binding, int count)
    {
        foreach (var (buffer, meaning) in _lengths)
            buffer[0] = CacheProbe.Meaning(meaning, _length, count);
        *(byte*)_useCache = _length > 0 ? (byte)1 : (byte)0;
        Run(binding);
        _length += count;
    }

    private OrtIoBinding Bind(int count, int total, IntegerBuffer? mask, OrtValue[] past, OrtValue[] present)
    {
        var binding = Memory.Binding();
        Input(_tokens, [1, count]);
        if (_positions is not null)
            Input(_positions, [1, count]);
        if (mask is not null)
            Input(mask, [1, total]);
        foreach (var (buffer, _) in _lengths)
            Input(buffer, CacheProbe.ScalarShape(buffer.Tensor));
        if (_graph.UseCache is { } useCache)
            binding.BindInput(useCache.Name, Memory.Tensor(useCache, _useCache, 1));
        for (var i = 0; i < past.Length; i++)
        {
            binding.BindInput(_graph.Caches[i].Past.Name, past[i]);
            binding.BindOutput(_graph.Caches[i].Present.Name, present[i]);
        }

        var rows = count == 1 || _onlyLast ? 1 : count;
        binding.BindOutput(_graph.Logits.Name, Memory.Tensor(_graph.Logits, count == 1 ? Row : _promptRows, 1, rows, _vocabularySize));
        return binding;

        void Input(IntegerBuffer buffer, long[] shape) =>
            binding.BindInput(buffer.Tensor.Name, Memory.Tensor(buffer.Tensor, (nint)buffer.Pointer, shape));
    }

    /// <summary>One buffer, which is past and present at every length.</summary>
    private Func<int, OrtValue[]> SharedCaches(int capacity)
    {
        var caches = Caches(Blocks(capacity), capacity);
        return _ => caches;
    }

    /// <summary>Two buffers that take turns; at each length one of them is what the step before wrote.</summary>
    private Func<int, OrtValue[]> GrowingCaches(int promptLength, int capacity)
    {
        nint[][] blocks = [Blocks(capacity), Blocks(capacity)];
        var known = new Dictionary<int, OrtValue[]> { [0] = Caches(blocks[1 - promptLength % 2], 0) };
        for (var length = promptLength; length <= capacity; length++)
            known[length] = Caches(blocks[length % 2], length);
        return length => known[length];
    }

    private nint[] Blocks(int capacity) => [.. _graph.Caches.Select(cache => Memory.Allocate(cache.BytesPerPosition * capacity))];

    private OrtValue[] Caches(nint[] blocks, int length)
    {
        var values = new OrtValue[blocks.Length];
        for (var i = 0; i < blocks.Length; i++)
        {
            var shape = new long[_graph.Caches[i].Rank];
            _graph.Caches[i].ShapeFor(length, shape);
            values[i] = Memory.Tensor(_graph.Caches[i].Past, blocks[i], shape);
        }

        return values;
    }
}
