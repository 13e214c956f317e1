using LmPlayground.Generation.PrefixCache;
using LmPlayground.Models;

namespace LmPlayground.Generation.Comparison;

/// <summary>Columns of one model whose tokens have been the same so far, and the one session that has read them.</summary>
internal sealed class ColumnGroup : IDisposable
{
    private readonly ComparisonRun _run;
    private readonly SequenceLease? _lease;
    private readonly IDecoderSession? _session;
    private readonly int[] _token = new int[1];
    private bool _hasRead;
    private bool _failed;

    /// <summary>Columns that begin with the same prompt, read from the prefix cache as far as it is there.</summary>
    internal ColumnGroup(ComparisonRun run, IReadOnlyList<ColumnStrand> strands, SequenceCache cache, int promptChunk)
    {
        _run = run;
        Strands = strands;
        var request = strands[0].Column.Request;
        _lease = new SequenceLease(cache, request.Model, SequencePlan.For(request.PromptIds, request.ContinuedIds, promptChunk));
        foreach (var strand in strands)
            strand.CachedTokens = _lease.CachedLength;
    }

    /// <summary>Columns that have parted from others, in a session of their own.</summary>
    private ColumnGroup(ComparisonRun run, IReadOnlyList<ColumnStrand> strands, IDecoderSession session)
    {
        _run = run;
        _session = session;
        _hasRead = true;
        Strands = strands;
    }

    /// <summary>The columns that have not ended.</summary>
    internal IReadOnlyList<ColumnStrand> Strands { get; private set; }

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
            Fail(Strands, exception);
            Strands = [];
            return;
        }

        var slot = Strands[0].Column.Logits.Add(logits);
        foreach (var strand in Strands)
        {
            if (strand != Strands[0])
                strand.Column.Logits.Share(slot);
            steps[strand.Column.Index] = strand.Next(logits);
            _failed |= strand.Column.Error is not null;
        }

        Strands = [.. Strands.Where(strand => !strand.Column.HasEnded)];
    }

    /// <summary>Keeps the columns that agree with the first one and gives each other token a group with a fork of the session.</summary>
    internal IEnumerable<ColumnGroup> Part()
    {
        var agreeing = Strands.GroupBy(strand => strand.LastId).Select(group => group.ToList()).ToList();
        if (agreeing.Count < 2)
            yield break;
        Strands = agreeing[0];
        foreach (var others in agreeing.Skip(1))
        {
            if (Fork(others) is { } group)
                yield return group;
        }
    }

    public void Dispose()
    {
        if (!_failed)
            _lease?.Keep();
        _lease?.Dispose();
        _session?.Dispose();
    }

    private ReadOnlySpan<float> Read(Action progress, CancellationToken cancellationToken)
    {
        if (!_hasRead)
        {
            var afterPrompt = _lease!.ReadAll(
                share =>
                {
                    PromptShare = share;
                    progress();
                },
                cancellationToken);
            PromptShare = 1;
            _hasRead = true;
            progress();
            return afterPrompt;
        }

        cancellationToken.ThrowIfCancellationRequested();
        _token[0] = Strands[0].LastId;
        var logits = _lease is not null ? _lease.Forward(_token, cancellationToken) : _session!.Forward(_token, cancellationToken).Last;
        _run.ForwardPasses++;
        return logits;
    }

    private ColumnGroup? Fork(List<ColumnStrand> strands)
    {
        try
        {
            var session = _lease?.Fork() ?? _session!.Fork();
            _run.Forks++;
            return new ColumnGroup(_run, strands, session);
        }
        catch (Exception exception)
        {
            Fail(strands, exception);
            return null;
        }
    }

    private void Fail(IEnumerable<ColumnStrand> strands, Exception exception)
    {
        _failed = true;
        foreach (var strand in strands)
            strand.Column.Error = exception;
    }
}
