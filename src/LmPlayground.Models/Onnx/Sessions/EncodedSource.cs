using LmPlayground.Models.Onnx.Graph;
using LmPlayground.Models.Onnx.Memory;
using LmPlayground.Tokenizers;
using Microsoft.ML.OnnxRuntime;

namespace LmPlayground.Models.Onnx.Sessions;

/// <summary>A source that the encoder has read: its vectors, and the keys and values that the decoder's layers make of them once for all sequences.</summary>
/// <remarks>Thread-safe. The memory is freed when this and its last session are disposed.</remarks>
internal sealed unsafe class EncodedSource : ISessionSource
{
    private readonly int _length;
    private readonly NativeBuffer _states;
    private readonly IntegerBuffer? _mask;
    private readonly CacheMemory _caches;
    private int _users = 1;
    private int _disposed;

    /// <summary>Reads checked tokens.</summary>
    public EncodedSource(OnnxEncoderDecoder model, ReadOnlySpan<int> sourceIds, CancellationToken cancellationToken)
    {
        Model = model;
        _length = sourceIds.Length;
        _states = new NativeBuffer(model.Graph.States.ByteLength([1, _length, model.HiddenSize]));
        _mask = Ones(model.Graph.First.Mask ?? model.Graph.Next.Mask);
        _caches = new CacheMemory(model.Graph.SourceCaches, _length);
        try
        {
            using RunOptions options = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            Encode(sourceIds, options, cancellationToken);
            FillCaches(options, cancellationToken);
        }
        catch (OnnxRuntimeException e)
        {
            Release();
            throw new ModelRunException($"The encoder failed over a source of {_length} tokens: {e.Message}", e);
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <inheritdoc/>
    public DecoderFacts Facts => Model.Facts;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => Model.Files;

    /// <inheritdoc/>
    public bool DependsOnBatch => Model.DependsOnBatch;

    internal OnnxEncoderDecoder Model { get; }

    /// <inheritdoc/>
    public IDecoderSession StartSession()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return StartEmpty();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            Release();
    }

    /// <summary>A session; the caller, or another session, holds this source meanwhile.</summary>
    internal CrossCacheSession StartEmpty()
    {
        Interlocked.Increment(ref _users);
        try
        {
            return new CrossCacheSession(this);
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>One user less; the last one frees the memory.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref _users) > 0)
            return;
        _states.Dispose();
        _mask?.Dispose();
        _caches.Dispose();
    }

    /// <summary>Binds the source to runs that begin a sequence.</summary>
    internal void BindFirst(SessionBinding binding)
    {
        Bind(binding, Model.Graph.First);

        // A merged graph declares them in both of its branches and reads them in one.
        if (Model.IsMerged)
            BindCaches(binding);
    }

    /// <summary>Binds the source to later runs.</summary>
    internal void BindNext(SessionBinding binding)
    {
        Bind(binding, Model.Graph.Next);
        BindCaches(binding);
    }

    private void Encode(ReadOnlySpan<int> sourceIds, RunOptions options, CancellationToken cancellationToken)
    {
        var graph = Model.Graph;
        using SessionBinding binding = new(Model.Encoder);
        using IntegerBuffer tokens = new(graph.SourceTokens, _length);
        using var mask = Ones(graph.SourceMask);
        for (var i = 0; i < _length; i++)
            tokens[i] = sourceIds[i];
        binding.Input(graph.SourceTokens, tokens.Pointer, 1, _length);
        if (mask is not null)
            binding.Input(mask.Tensor, mask.Pointer, 1, _length);
        binding.Output(graph.States, _states.Pointer, 1, _length, Model.HiddenSize);
        binding.Run(options, cancellationToken);
    }

    /// <summary>One run that begins a sequence, whatever its token, gives the source's keys and values.</summary>
    private void FillCaches(RunOptions options, CancellationToken cancellationToken)
    {
        var decoder = Model.Graph.Decoder;
        using SessionBinding binding = new(Model.First);
        using IntegerBuffer token = new(decoder.Tokens, 1);
        using NativeBuffer no = new(1);
        Span<long> shape = stackalloc long[4];
        binding.Input(decoder.Tokens, token.Pointer, 1, 1);
        Bind(binding, Model.Graph.First);
        if (Model.IsMerged)
        {
            if (decoder.UseCache is { } useCache)
                binding.Input(useCache, no.Pointer, 1);
            foreach (var cache in decoder.Caches.AddRange(Model.Graph.SourceCaches))
            {
                var used = shape[..cache.Rank];
                cache.ShapeFor(0, used);
                binding.Input(cache.Past, no.Pointer, used);
            }
        }

        var addresses = _caches.Addresses;
        foreach (var cache in Model.Graph.SourceCaches)
        {
            var used = shape[..cache.Rank];
            cache.ShapeFor(_length, used);
            binding.Output(cache.Present, addresses.Next(), used);
        }

        binding.Run(options, cancellationToken);
    }

    private void Bind(SessionBinding binding, SourceInputs inputs)
    {
        if (inputs.States is { } states)
            binding.Input(states, _states.Pointer, 1, _length, Model.HiddenSize);
        if (inputs.Mask is { } mask)
            binding.Input(mask, _mask!.Pointer, 1, _length);
    }

    private void BindCaches(SessionBinding binding)
    {
        var addresses = _caches.Addresses;
        Span<long> shape = stackalloc long[4];
        foreach (var cache in Model.Graph.SourceCaches)
        {
            var used = shape[..cache.Rank];
            cache.ShapeFor(_length, used);
            binding.Input(cache.Past, addresses.Next(), used);
        }
    }

    private IntegerBuffer? Ones(GraphTensor? tensor)
    {
        if (tensor is null)
            return null;
        IntegerBuffer ones = new(tensor, _length);
        ones.Fill(0, _length, 1);
        return ones;
    }
}
