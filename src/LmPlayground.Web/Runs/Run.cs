using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Web.Runs;

/// <summary>One run: its tokens, and the logits behind them.</summary>
internal sealed class Run : Job<RunSnapshot>, IRun
{
    private ImmutableList<RunPart> _parts;

    internal Run(RunSnapshot snapshot, ImmutableList<RunPart> continued, TimeProvider time)
        : base(snapshot, time) => _parts = continued;

    internal ImmutableList<RunPart> Parts => Volatile.Read(ref _parts);

    /// <inheritdoc/>
    public Task<ImmutableArray<StepOutcome>> CompareAsync(SamplingOptions options, CancellationToken cancellationToken = default)
    {
        var (parts, steps) = Reviewed();
        return Task.Run(() => RunPart.Compare(parts, steps, options, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<TokenStep> InspectAsync(int index, SamplingOptions options, CancellationToken cancellationToken = default)
    {
        var (parts, steps) = Reviewed();
        return Task.Run(() => RunPart.InspectAsync(parts, steps, index, options, cancellationToken), cancellationToken);
    }

    internal void AddPart(RunPart part) => ImmutableInterlocked.Update(ref _parts, static (parts, added) => parts.Add(added), part);

    /// <summary>Lets the logits go; asked for again, they are computed again.</summary>
    public override void Dispose()
    {
        foreach (var part in Parts)
            part.Dispose();
        base.Dispose();
    }

    private (ImmutableList<RunPart> Parts, ImmutableList<TokenStep> Steps) Reviewed()
    {
        lock (Lock)
            return (_parts, Snapshot.Steps);
    }
}
