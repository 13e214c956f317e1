using System.Collections.Immutable;
using LmPlayground.Models.Onnx.Graph;
using LmPlayground.Models.Onnx.Memory;

namespace LmPlayground.Models.Onnx.Sessions;

/// <summary>The key-value caches of several sequences in one block: tensor after tensor, and in each slot after slot.</summary>
/// <remarks>In every layout that <see cref="CacheTensor"/> knows the batch is the first dimension, so that a slot lies in one piece.</remarks>
internal sealed unsafe class BatchCacheMemory : IDisposable
{
    private readonly ImmutableArray<CacheTensor> _tensors;
    private readonly NativeBuffer _block;
    private readonly long[] _offsets;

    /// <summary>Allocates zeroed room for <paramref name="slots"/> sequences of <paramref name="capacity"/> positions.</summary>
    public BatchCacheMemory(ImmutableArray<CacheTensor> tensors, int slots, int capacity)
    {
        _tensors = tensors;
        Slots = slots;
        Capacity = capacity;
        _offsets = new long[tensors.Length];
        long length = 0;
        for (var i = 0; i < tensors.Length; i++)
        {
            _offsets[i] = length;
            length += (tensors[i].BytesPerPosition * slots * capacity + 63) & ~63L;
        }

        _block = new NativeBuffer(length);
    }

    /// <summary>For how many sequences there is room.</summary>
    public int Slots { get; }

    /// <summary>How many positions each of them has room for.</summary>
    public int Capacity { get; }

    /// <summary>The address of a tensor, by its number in the graph.</summary>
    public byte* this[int tensor] => _block.Pointer + _offsets[tensor];

    /// <summary>Copies the first positions of a session's cache.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="source">The session's cache.</param>
    /// <param name="stride">How many positions lie between blocks there.</param>
    /// <param name="count">How many to copy.</param>
    public void Write(SlotLayout to, CacheMemory source, int stride, int count)
    {
        var addresses = source.Addresses;
        for (var i = 0; i < _tensors.Length; i++)
            CopyBlocks(_tensors[i], addresses.Next(), new SlotLayout(0, stride, 0), this[i], to, count);
    }

    /// <summary>Copies the positions of one slot, here or elsewhere.</summary>
    public void Copy(SlotLayout from, BatchCacheMemory target, SlotLayout to, int count)
    {
        for (var i = 0; i < _tensors.Length; i++)
            CopyBlocks(_tensors[i], this[i], from, target[i], to, count);
    }

    /// <inheritdoc/>
    public void Dispose() => _block.Dispose();

    private static void CopyBlocks(CacheTensor tensor, byte* source, SlotLayout from, byte* target, SlotLayout to, int count)
    {
        var position = tensor.Inner * tensor.Past.ElementSize;
        source += (from.Slot * tensor.Outer * from.Stride + from.Start) * position;
        target += (to.Slot * tensor.Outer * to.Stride + to.Start) * position;
        for (long block = 0; block < tensor.Outer; block++)
        {
            // Within one slot the target is never behind the source, and the copy handles overlap.
            Buffer.MemoryCopy(source, target, count * position, count * position);
            source += from.Stride * position;
            target += to.Stride * position;
        }
    }
}

/// <summary>Where the positions of one sequence lie in each tensor of a batch's cache.</summary>
/// <param name="Slot">Which sequence of the batch it is.</param>
/// <param name="Stride">How many positions each block (head) has.</param>
/// <param name="Start">How many positions of padding lie before its first one.</param>
internal readonly record struct SlotLayout(int Slot, int Stride, int Start);
