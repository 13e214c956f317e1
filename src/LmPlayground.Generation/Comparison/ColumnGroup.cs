using LmPlayground.Generation.PrefixCache;
using LmPlayground.Models;

namespace LmPlayground.Generation.Comparison;

/// <summary>Columns of one model whose tokens have been the same so far, and the one session, or row of a batch, that has read them.</summary>
internal sealed class ColumnGroup : IDisposable
{
    private readonly ComparisonRun _run;
    private readonly SequenceLease? _lease;
    private readonly IDecoderSession? _session;
    private readonly int[] _token = new int[1];
    private bool _failed;

    /// <summary>Columns that begin with the same prompt, read from the prefix cache as far as it is there.</summary>
    internal ColumnGroup(ComparisonRun run, IReadOnlyList<RunningColumn> columns, ColumnBatch batch)
    {
        _run = run;
        Batch = batch;
        Origin = this;
        Columns = columns;
        _lease = run.Engine.Rent(columns[0].Column.Request);
        foreach (var running in columns)
            running.CachedTokens = _lease.CachedLength;
    }

    /// <summary>Columns that have parted from others, in a session of their own, or in none where they become a row.</summary>
    private ColumnGroup(ColumnGroup parent, IReadOnlyList<RunningColumn> columns, IDecoderSession? session)
    {
        _run = parent._run;
        Batch = parent.Batch;
        Origin = parent.Origin;
        Row = parent.Row;
        _session = session;
        HasRead = true;
        Columns = columns;
    }

    /// <summary>The groups that may run together with this one.</summary>
    internal ColumnBatch Batch { get; }

    /// <summary>The group with the prompt that these columns began in.</summary>
    internal ColumnGroup Origin { get; }

    /// <summary>Its row once the batch is running: that of the group it parted from before its first token there.</summary>
    internal int Row { get; set; }

    /// <summary>Whether the prompt has been read.</summary>
    internal bool HasRead { get; private set; }

    /// <summary>The columns that have not ended.</summary>
    internal IReadOnlyList<RunningColumn> Columns { get; private set; }

    /// <summary>How much of the prompt has been read: 0 to 1.</summary>
    internal double PromptShare { get; private set; }

    /// <summary>Makes one step of every column.</summary>
    /// <param name="steps">Where they go, by column.</param>
    /// <param name="progress">Called while the prompt is read.</param>
    /// <param name="cancellationToken">Stops inside the model: then no column has its step.</param>
    internal void Advance(TokenStep?[] steps, Action progress, CancellationToken cancellationToken)
    {
        ReadOnlySpan<float> logits;
        try
        {
            logits = Read(progress, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Fail(Columns, exception);
            Columns = [];
            return;
        }

        var slot = Columns[0].Column.Logits.Add(logits);
        foreach (var running in Columns)
        {
            if (running != Columns[0])
                running.Column.Logits.Share(slot);
            steps[running.Column.Index] = running.Next(logits);
            _failed |= running.Column.Error is not null;
        }

        Columns = [.. Columns.Where(running => !running.Column.HasEnded)];
    }

    /// <summary>Keeps the columns that agree with the first one and gives each other token a group with a fork of the session.</summary>
    internal IEnumerable<ColumnGroup> Part()
    {
        var agreeing = Columns.GroupBy(running => running.LastId).Select(group => group.ToList()).ToList();
        if (agreeing.Count < 2)
            yield break;
        Columns = agreeing[0];
        foreach (var others in agreeing.Skip(1))
        {
            if (Fork(others) is { } group)
                yield return group;
        }
    }

    /// <summary>A session that has read what the group with the prompt has, before its batch runs.</summary>
    internal IDecoderSession ForkPrompt() => _lease!.Fork();

    public void Dispose()
    {
        if (!_failed)
            _lease?.Keep();
        _lease?.Dispose();
        _session?.Dispose();
    }

    private ReadOnlySpan<float> Read(Action progress, CancellationToken cancellationToken)
    {
        if (!HasRead)
        {
            var afterPrompt = _lease!.ReadAll(
                share =>
                {
                    PromptShare = share;
                    progress();
                },
                cancellationToken);
            PromptShare = 1;
            HasRead = true;
            progress();
            return afterPrompt;
        }

        if (Batch.IsRunning)
            return Batch.LogitsOf(Row);
        cancellationToken.ThrowIfCancellationRequested();
        _token[0] = Columns[0].LastId;
        var logits = _lease is not null ? _lease.Forward(_token, cancellationToken) : _session!.Forward(_token, cancellationToken).Last;
        _run.ForwardPasses++;
        return logits;
    }

    private ColumnGroup? Fork(List<RunningColumn> columns)
    {
        try
        {
            var session = Batch.IsUsable ? null : _lease?.Fork() ?? _session!.Fork();
            _run.Forks++;
            return new ColumnGroup(this, columns, session);
        }
        catch (Exception exception)
        {
            Fail(columns, exception);
            return null;
        }
    }

    private void Fail(IEnumerable<RunningColumn> columns, Exception exception)
    {
        _failed = true;
        foreach (var running in columns)
            running.Column.Error = exception;
    }
}
