using LmPlayground.Models;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.Tests.Support;

/// <summary>A model that runs several sequences at once: in sessions behind the batch, so that its bits are theirs unless it is told otherwise.</summary>
public sealed class BatchingModel(ILanguageModel inner) : IBatchingModel
{
    public ModelCard Card => inner.Card;

    public ModelTokenizer Tokenizer => inner.Tokenizer;

    /// <inheritdoc/>
    public bool BatchesKeepBits { get; init; } = true;

    /// <summary>Called before a batch runs, with the number of its rows.</summary>
    public Action<int, CancellationToken>? OnBatch { get; set; }

    /// <summary>How many rows each run of a batch had.</summary>
    public List<int> Runs { get; } = [];

    public IDecoderSession StartSession() => inner.StartSession();

    public IDecoderBatch StartBatch(IReadOnlyList<IDecoderSession> sessions) => new Batch(this, sessions);

    public void Dispose()
    {
    }

    private sealed class Batch(BatchingModel model, IReadOnlyList<IDecoderSession> sessions) : IDecoderBatch
    {
        private List<IDecoderSession> _rows = [.. sessions.Select(session => session.Fork())];
        private float[][] _logits = [];

        public int Count => _rows.Count;

        public int LengthOf(int row) => _rows[row].Length;

        public void Forward(ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default)
        {
            Assert.Equal(Count, tokens.Length);
            Assert.Single(_rows.Select(row => row.Length).Distinct());
            model.OnBatch?.Invoke(Count, cancellationToken);
            model.Runs.Add(Count);
            _logits = new float[Count][];
            for (var row = 0; row < Count; row++)
                _logits[row] = _rows[row].Forward(tokens.Slice(row, 1), cancellationToken).Last.ToArray();
        }

        public ReadOnlySpan<float> LogitsOf(int row) => _logits[row];

        public void Select(ReadOnlySpan<int> rows)
        {
            List<IDecoderSession> selected = [];
            foreach (var row in rows)
                selected.Add(_rows[row].Fork());
            Dispose();
            (_rows, _logits) = (selected, []);
        }

        public void Dispose() => _rows.ForEach(row => row.Dispose());
    }
}
