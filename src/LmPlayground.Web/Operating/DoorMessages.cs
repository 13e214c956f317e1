using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;
using LmPlayground.Demos;

namespace LmPlayground.Web.Operating;

/// <summary>What is asked at the operator's door. The bytes of an import follow.</summary>
/// <param name="Do">"import", "kill", "allow", "purge" or "sweep".</param>
/// <param name="Target">What to kill or allow.</param>
/// <param name="Before">What to purge ended before this.</param>
internal sealed record DoorRequest(string Do, string? Target = null, DateTimeOffset? Before = null);

/// <summary>The answer: the one member that belongs to what was asked, or why it was refused.</summary>
internal sealed record DoorAnswer
{
    public DemoImport? Imported { get; init; }

    public DoorKill? Killed { get; init; }

    public bool? Allowed { get; init; }

    public int? Forgotten { get; init; }

    public DemoSweep? Swept { get; init; }

    public DoorRefusal? Refused { get; init; }
}

/// <summary>A document that was killed.</summary>
/// <param name="Document">Its hash.</param>
/// <param name="Links">The hashes of the ids of its links that ended.</param>
internal sealed record DoorKill(string Document, IReadOnlyList<string> Links);

/// <summary>Why something was refused.</summary>
/// <param name="Code">The code of a <see cref="DemoStoreException"/>.</param>
/// <param name="Words">What it says.</param>
internal sealed record DoorRefusal(string Code, string Words);

/// <summary>How messages are written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 4)]
[JsonSerializable(typeof(DoorRequest))]
[JsonSerializable(typeof(DoorAnswer))]
internal sealed partial class DoorJson : JsonSerializerContext;

/// <summary>Messages on a line between two processes: each has its length before it, in four bytes.</summary>
internal static class DoorFrames
{
    /// <summary>The most bytes of a message. An answer names every link that a kill has ended.</summary>
    internal const int Longest = 64 << 20;

    /// <summary>The most bytes of a part of a stream.</summary>
    internal const int Part = 64 << 10;

    /// <summary>Writes one; an empty one is the end of a stream.</summary>
    internal static async Task WriteAsync(Stream line, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, message.Length);
        await line.WriteAsync(length, cancellationToken);
        await line.WriteAsync(message, cancellationToken);
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="EndOfStreamException">The other side has gone.</exception>
    /// <exception cref="InvalidDataException">It is longer than it may be.</exception>
    internal static async Task<byte[]> ReadAsync(Stream line, int longest, CancellationToken cancellationToken)
    {
        var length = new byte[sizeof(int)];
        await line.ReadExactlyAsync(length, cancellationToken);
        var count = BinaryPrimitives.ReadInt32BigEndian(length);
        if (count < 0 || count > longest)
            throw new InvalidDataException($"A message at the operator's door has {count} bytes.");
        var message = new byte[count];
        await line.ReadExactlyAsync(message, cancellationToken);
        return message;
    }

    /// <summary>Writes a stream in parts, and its end.</summary>
    internal static async Task WriteStreamAsync(Stream line, Stream content, CancellationToken cancellationToken)
    {
        var part = new byte[Part];
        int read;
        do
        {
            read = await content.ReadAsync(part, cancellationToken);
            await WriteAsync(line, part.AsMemory(0, read), cancellationToken);
        }
        while (read > 0);
    }
}

/// <summary>A stream that arrives in parts: whoever goes before its end has sent nothing.</summary>
/// <param name="line">Where it arrives.</param>
internal sealed class DoorStream(Stream line) : Stream
{
    private ReadOnlyMemory<byte> _part;
    private bool _ended;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_part.IsEmpty && !_ended)
        {
            _part = await DoorFrames.ReadAsync(line, DoorFrames.Part, cancellationToken);
            _ended = _part.IsEmpty;
        }

        var count = Math.Min(buffer.Length, _part.Length);
        _part[..count].CopyTo(buffer);
        _part = _part[count..];
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
