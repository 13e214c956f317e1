using System.Buffers;
using System.Text;

namespace LmPlayground.Tokenizers.Text;

/// <summary>Bytes to text as they come: bytes of an unfinished character wait for the rest, bytes that cannot become one are dropped.</summary>
/// <remarks>A value: copying it copies the state. Text waits too while it ends in an unfinished character or in U+FFFD, as Hugging Face's stream has it.</remarks>
internal struct Utf8Stream
{
    private byte[] _pending;
    private string? _held;

    /// <summary>Adds bytes; returns the text that is complete now.</summary>
    public string Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return "";
        var pending = _pending ?? [];
        byte[] input = [.. pending, .. bytes];
        _pending = [];
        var text = new StringBuilder(_held, (_held?.Length ?? 0) + input.Length);
        _held = null;
        for (ReadOnlySpan<byte> rest = input; !rest.IsEmpty;)
        {
            var status = Rune.DecodeFromUtf8(rest, out var rune, out var consumed);
            if (status == OperationStatus.NeedMoreData)
            {
                _pending = rest.ToArray();
                break;
            }

            if (status == OperationStatus.Done)
                text.Append(rune);
            rest = rest[consumed..];
        }

        if (text.Length == 0)
            return "";
        if (_pending.Length == 0 && text[^1] != '\uFFFD')
            return text.ToString();
        _held = text.ToString();
        return "";
    }
}
