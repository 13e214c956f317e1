using System.Runtime.InteropServices;

namespace LmPlayground.Models.Onnx.Memory;

/// <summary>A block of zeroed memory outside the managed heap that ONNX Runtime reads and writes in place.</summary>
/// <remarks>
/// The operating system commits its pages when they are first touched. A block that nobody disposed is freed by the
/// finalizer; whoever hands <see cref="Pointer"/> to native code keeps the block reachable until that code is done.
/// </remarks>
internal sealed unsafe class NativeBuffer : IDisposable
{
    /// <summary>A cache line, and the widest vector register.</summary>
    private const nuint Alignment = 64;

    private void* _block;

    /// <summary>Allocates <paramref name="length"/> bytes, all zero, at an address that is a multiple of 64.</summary>
    /// <exception cref="OutOfMemoryException">There is no such block.</exception>
    public NativeBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _block = NativeMemory.AllocZeroed(checked((nuint)length + Alignment));
        Pointer = (byte*)(((nuint)_block + Alignment - 1) & ~(Alignment - 1));
        Length = length;
    }

    /// <summary>Frees a block that was not disposed.</summary>
    ~NativeBuffer()
    {
        Free();
    }

    /// <summary>The first byte.</summary>
    public byte* Pointer { get; private set; }

    /// <summary>How many bytes there are.</summary>
    public long Length { get; }

    /// <summary>A view of <paramref name="count"/> values from the start of the block.</summary>
    public Span<T> AsSpan<T>(int count)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_block is null, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)count * sizeof(T), Length, nameof(count));
        return new Span<T>(Pointer, count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_block is null)
            return;
        NativeMemory.Free(_block);
        _block = null;
        Pointer = null;
    }
}
