using LmPlayground.Models.Onnx.Graph;
using LmPlayground.Models.Onnx.Memory;

namespace LmPlayground.Models.Onnx.Sessions;

/// <summary>A sequence in a feed-forward model over the last tokens: it keeps the ids, and nothing else is carried on.</summary>
internal sealed unsafe class FeedForwardSession : OnnxSession
{
    private readonly LmGraph _graph;
    private readonly SessionBinding _binding;
    private readonly IntegerBuffer _windows;
    private readonly List<int> _read = [];
    private bool _boundForOneToken;

    /// <summary>Starts empty.</summary>
    public FeedForwardSession(OnnxDecoder decoder)
        : base(decoder, new LogitsMemory(decoder.Buffers, decoder.Described!.Logits, decoder.VocabularySize))
    {
        _graph = decoder.Described;
        _binding = new SessionBinding(decoder.Session);
        _windows = new IntegerBuffer(_graph.Tokens, Window);
    }

    /// <summary>The ids that were read.</summary>
    internal IReadOnlyList<int> Ids => _read;

    private int Window => _graph.Description.Window;

    protected override int Read(ReadOnlySpan<int> tokens, CancellationToken cancellationToken)
    {
        var logits = LogitsMemory.Prepare(tokens.Length);
        var start = Length;
        _read.AddRange(tokens);
        try
        {
            // The window that ends at each token is a row of the batch.
            for (var done = 0; done < tokens.Length;)
            {
                var rows = Math.Min(tokens.Length - done, _graph.MaxTokensPerRun);
                Bind(rows, logits + done * LogitsMemory.BytesPerRow);
                for (var row = 0; row < rows; row++)
                    WriteWindow(row, start + done + row + 1);
                Run(_binding, cancellationToken);
                done += rows;
            }
        }
        catch
        {
            _read.RemoveRange(start, tokens.Length);
            LogitsMemory.Release();
            throw;
        }

        Length += tokens.Length;
        return tokens.Length;
    }

    protected override int Nearest(int length) => length;

    protected override void Rewind(int length) => _read.RemoveRange(length, _read.Count - length);

    protected override void CopyTo(OnnxSession empty) => ((FeedForwardSession)empty)._read.AddRange(_read);

    protected override void Free()
    {
        _binding.Dispose();
        _windows.Dispose();
    }

    private void WriteWindow(int row, int end)
    {
        for (var i = 0; i < Window; i++)
        {
            var index = end - Window + i;
            _windows[row * Window + i] = index < 0 ? _graph.Description.PadId : _read[index];
        }
    }

    private void Bind(int rows, byte* logits)
    {
        var oneToken = rows == 1 && !LogitsMemory.HasLentRows;
        if (_windows.Grow(checked(rows * Window)))
            _boundForOneToken = false;
        if (oneToken && _boundForOneToken)
            return;
        _binding.Input(_graph.Tokens, _windows.Pointer, rows, Window);
        _binding.Output(_graph.Logits, logits, rows, Decoder.VocabularySize);
        _boundForOneToken = oneToken;
    }
}
