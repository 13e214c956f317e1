using LmPlayground.Models;

namespace LmPlayground.Generation.Search;

/// <summary>The live sequences of a search as rows of one batch, where that gives the bits of as many sessions: they are all of one length.</summary>
internal sealed class HypothesisBatch(IBatchingModel model, SearchRun run) : IDisposable
{
    private IDecoderBatch? _batch;

    /// <summary>The batch for a search in a model, or null where its sequences must run one by one.</summary>
    internal static HypothesisBatch? For(SearchRun run) =>
        run.Request.Model is IBatchingModel { BatchesKeepBits: true } model ? new HypothesisBatch(model, run) : null;

    /// <summary>Reads the last token of each sequence. Its <see cref="Hypothesis.Row"/> is its parent's until then, and its own after.</summary>
    /// <param name="live">The sequences.</param>
    /// <param name="fork">A session that has read the prompt; asked for once.</param>
    /// <param name="cancellationToken">Stops inside the model.</param>
    internal void Read(IReadOnlyList<Hypothesis> live, Func<IDecoderSession> fork, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_batch is null)
            Start(live.Count, fork);
        else
            Select([.. live.Select(hypothesis => hypothesis.Row)]);
        for (var row = 0; row < live.Count; row++)
            live[row].Row = row;
        _batch!.Forward([.. live.Select(hypothesis => hypothesis.Ids[^1])], cancellationToken);
        run.ForwardPasses += live.Count;
    }

    /// <summary>The logits after the sequence in a row; valid until the next call.</summary>
    internal ReadOnlySpan<float> LogitsOf(int row) => _batch!.LogitsOf(row);

    public void Dispose() => _batch?.Dispose();

    private void Start(int count, Func<IDecoderSession> fork)
    {
        using var prompt = fork();
        _batch = model.StartBatch([.. Enumerable.Repeat(prompt, count)]);
    }

    private void Select(int[] rows)
    {
        if (rows.AsSpan().SequenceEqual(Enumerable.Range(0, _batch!.Count).ToArray()))
            return;
        run.Forks += rows.Length - rows.Distinct().Count();
        _batch.Select(rows);
    }
}
