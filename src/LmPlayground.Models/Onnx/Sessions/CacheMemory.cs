using System.Collections.Immutable;
using LmPlayground.Models.Onnx.Graph;
using LmPlayground.Models.Onnx.Memory;

namespace LmPlayground.Models.Onnx.Sessions;

/// <summary>The key-value cache of one sequence in one block: tensor after tensor, each with room for <see cref="Capacity"/> positions.</summary>
internal sealed unsafe class CacheMemory : IDisposable
{
    private readonly ImmutableArray<CacheTensor> _tensors;
    private readonly NativeBuffer _block;

    /// <summary>Allocates zeroed room.</summary>
    public CacheMemory(ImmutableArray<CacheTensor> tensors, int capacity)
    {
        _tensors = tensors;
        Capacity = capacity;
        long length = 0;
        foreach (var tensor in tensors)
            length += Aligned(tensor.BytesPerPosition * capacity);
        _block = new NativeBuffer(length);
    }

    /// <summary>How many positions each tensor has room for.</summary>
    public int Capacity { get; }

    /// <summary>Where a sequence of <paramref name="length"/> positions fits, and grows for a while without another move.</summary>
    /// <param name="length">How many positions must fit.</param>
    /// <param name="least">The smallest capacity.</param>
    /// <param name="most">The model's context: more is never needed.</param>
    public static int CapacityFor(int length, int least, int most)
    {
        long capacity = least;
        while (capacity < length)
            capacity *= 2;
        return (int)Math.Min(capacity, Math.Max(most, length));
    }

    /// <summary>The address of each tensor, in the order of the graph's.</summary>
    public CacheAddresses Addresses => new(this);

    /// <summary>Shortens each block of <paramref name="from"/> positions, which lie close together, to its first <paramref name="to"/>.</summary>
    public void Truncate(int from, int to) => MoveBlocks(this, from, this, to, to);

    /// <summary>Copies the first <paramref name="count"/> positions of every block.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="stride">How many positions lie between blocks here.</param>
    /// <param name="targetStride">How many lie between them there.</param>
    /// <param name="count">How many to copy.</param>
    public void CopyTo(CacheMemory target, int stride, int targetStride, int count) => MoveBlocks(this, stride, target, targetStride, count);

    /// <inheritdoc/>
    public void Dispose() => _block.Dispose();

    private static long Aligned(long length) => (length + 63) & ~63L;

    private static void MoveBlocks(CacheMemory source, int sourceStride, CacheMemory target, int targetStride, int count)
    {
        var from = source._block.Pointer;
        var to = target._block.Pointer;
        foreach (var tensor in source._tensors)
        {
            var position = tensor.Inner * tensor.Past.ElementSize;
            for (long block = 0; block < tensor.Outer; block++)
            {
                // In one cache the target is never behind the source, and the copy handles overlap.
                Buffer.MemoryCopy(from + block * sourceStride * position, to + block * targetStride * position, count * position, count * position);
            }

            from += Aligned(tensor.BytesPerPosition * source.Capacity);
            to += Aligned(tensor.BytesPerPosition * target.Capacity);
        }
    }

    /// <summary>Walks the tensors' addresses without allocating.</summary>
    internal ref struct CacheAddresses(CacheMemory memory)
    {
        private byte* _next = memory._block.Pointer;
        private int _index;

        /// <summary>The next tensor's address.</summary>
        public byte* Next()
        {
            var address = _next;
            _next += Aligned(memory._tensors[_index++].BytesPerPosition * memory.Capacity);
            return address;
        }
    }
}
