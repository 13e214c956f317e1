using System.Collections.Immutable;
using LmPlayground.Generation.Search;

namespace LmPlayground.Generation.Tests.Support;

public static class Searches
{
    public static async Task<ImmutableArray<BeamStep>> ToEnd(this SearchRun run, CancellationToken cancellationToken = default)
    {
        var steps = ImmutableArray.CreateBuilder<BeamStep>();
        await foreach (var step in run.WithCancellation(cancellationToken))
            steps.Add(step);
        return steps.ToImmutable();
    }

    public static async Task<BeamStep> LastAsync(this SearchRun run, CancellationToken cancellationToken = default) =>
        (await run.ToEnd(cancellationToken))[^1];
}
