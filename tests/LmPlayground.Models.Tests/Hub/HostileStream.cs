namespace LmPlayground.Models.Tests.Hub;

/// <summary>The content of an answer that never ends: so many bytes at each read, and so much time.</summary>
internal sealed class HostileStream(int bytes, Action beforeRead) : Stream
{
    public long Given { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => Given;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        beforeRead();
        cancellationToken.ThrowIfCancellationRequested();
        if (bytes == 0)
            await Task.Delay(Timeout.Infinite, cancellationToken);
        var count = Math.Min(bytes, buffer.Length);
        buffer.Span[..count].Fill((byte)' ');
        Given += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
