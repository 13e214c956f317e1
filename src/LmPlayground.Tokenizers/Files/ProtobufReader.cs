using System.Buffers.Binary;
using System.Text;

namespace LmPlayground.Tokenizers.Files;

/// <summary>Walks the fields of a protobuf message in a file, skipping what nobody asks for: weights are never read.</summary>
/// <remarks>The wire format: https://protobuf.dev/programming-guides/encoding/.</remarks>
internal sealed class ProtobufReader(FileStream stream)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Bytes = 2;
    private const int Fixed32 = 5;

    /// <summary>The content of the last field that was a number: a varint, or the bits of a fixed one.</summary>
    public ulong Number { get; private set; }

    /// <summary>Reads the next field's header.</summary>
    /// <param name="end">Where the message that is being read ends.</param>
    /// <param name="field">The field's number.</param>
    /// <param name="fieldEnd">Where the field's content ends, for a message, string or bytes; else -1, and the content is <see cref="Number"/>.</param>
    /// <returns>False at the end of the message.</returns>
    /// <exception cref="InvalidDataException">These bytes are no protobuf message, or the message is cut off.</exception>
    public bool TryReadField(long end, out int field, out long fieldEnd)
    {
        field = 0;
        fieldEnd = -1;
        if (stream.Position >= end)
            return false;
        var tag = ReadVarint(end);
        field = (int)(tag >> 3);
        if (field <= 0)
            throw new InvalidDataException("a field has no number");
        switch ((int)(tag & 7))
        {
            case Varint:
                Number = ReadVarint(end);
                return true;
            case Fixed64:
                Number = ReadFixed(8, end);
                return true;
            case Fixed32:
                Number = ReadFixed(4, end);
                return true;
            case Bytes:
                var length = ReadVarint(end);
                if (length > (ulong)(end - stream.Position))
                    throw new InvalidDataException($"a field of {length} bytes begins {end - stream.Position} bytes before the end");
                fieldEnd = stream.Position + (long)length;
                return true;
            default:
                throw new InvalidDataException("a field has an unknown wire type");
        }
    }

    /// <summary>Reads a field's content as text.</summary>
    public string ReadString(long fieldEnd)
    {
        const int longest = 1 << 16;
        var length = fieldEnd - stream.Position;
        if (length > longest)
            throw new InvalidDataException($"a name of {length} bytes");
        return Encoding.UTF8.GetString(ReadBytes(fieldEnd));
    }

    /// <summary>Reads a field's content.</summary>
    public byte[] ReadBytes(long fieldEnd)
    {
        var bytes = new byte[fieldEnd - stream.Position];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Goes on after a field.</summary>
    public void SkipTo(long position, long end)
    {
        if (position > end)
            throw new InvalidDataException("the last field is cut off");
        if (position != stream.Position)
            stream.Position = position;
    }

    private ulong ReadFixed(int length, long end)
    {
        if (length > end - stream.Position)
            throw new InvalidDataException("the last number is cut off");
        Span<byte> bytes = stackalloc byte[8];
        stream.ReadExactly(bytes[..length]);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    private ulong ReadVarint(long end)
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (stream.Position >= end)
                throw new InvalidDataException("the last number is cut off");
            var next = stream.ReadByte();
            if (next < 0)
                throw new InvalidDataException("the last number is cut off");
            value |= (ulong)(next & 0x7F) << shift;
            if ((next & 0x80) == 0)
                return value;
        }

        throw new InvalidDataException("a number of more than ten bytes");
    }
}
