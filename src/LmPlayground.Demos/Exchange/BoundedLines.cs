using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace LmPlayground.Demos.Exchange;

/// <summary>The lines of a stranger's file, none longer than a limit, whatever the file holds.</summary>
internal static class BoundedLines
{
    internal static async IAsyncEnumerable<byte[]> ReadAsync(Stream from, long longest, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var number = 1L;
        var reader = PipeReader.Create(from, new StreamPipeReaderOptions(bufferSize: 1 << 16, leaveOpen: true));
        while (true)
        {
            var result = await reader.ReadAsync(cancellation).ConfigureAwait(false);
            var buffer = result.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                yield return Line(buffer.Slice(0, end));
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            if (result.IsCompleted)
            {
                if (!buffer.IsEmpty)
                    yield return Line(buffer);
                break;
            }

            Check(buffer.Length);
            reader.AdvanceTo(buffer.Start, buffer.End);
        }

        await reader.CompleteAsync().ConfigureAwait(false);

        byte[] Line(ReadOnlySequence<byte> line)
        {
            Check(line.Length);
            number++;
            return line.ToArray();
        }

        void Check(long length)
        {
            if (length > longest)
                throw new DemoStoreException(
                    "demos.import_long_line",
                    $"This is no export of demos that this server takes: line {number} has more than {longest} bytes. Nothing was imported.");
        }
    }
}
