namespace LmPlayground.Models.Onnx.Memory;

/// <summary>
/// Buffers for the logits of many tokens at once, lent to a session for as long as its caller looks at them:
/// sessions that decode token by token hold none.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class BufferPool : IDisposable
{
    /// <summary>The largest number of bytes that wait here for their next use; what comes back beyond it is freed.</summary>
    public const long RetainedBytes = 64L << 20;

    private readonly Lock _lock = new();
    private readonly List<NativeBuffer> _free = [];
    private long _retained;
    private bool _disposed;

    /// <summary>A buffer of at least <paramref name="length"/> bytes; its content is whatever was left there.</summary>
    public NativeBuffer Rent(long length)
    {
        lock (_lock)
        {
            var best = -1;
            for (var i = 0; i < _free.Count; i++)
            {
                if (_free[i].Length >= length && (best < 0 || _free[i].Length < _free[best].Length))
                    best = i;
            }

            if (best >= 0)
            {
                var buffer = _free[best];
                _free.RemoveAt(best);
                _retained -= buffer.Length;
                return buffer;
            }
        }

        return new NativeBuffer(length);
    }

    /// <summary>Takes back what <see cref="Rent"/> gave.</summary>
    public void Return(NativeBuffer buffer)
    {
        lock (_lock)
        {
            if (!_disposed && _retained + buffer.Length <= RetainedBytes)
            {
                _free.Add(buffer);
                _retained += buffer.Length;
                return;
            }
        }

        buffer.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var buffer in _free)
                buffer.Dispose();
            _free.Clear();
            _retained = 0;
        }
    }
}
