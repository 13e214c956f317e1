using System.IO.Compression;
using LmPlayground.Models.Catalog;
using LmPlayground.Runs.Work;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Making;
using LmPlayground.Web.Sharing;

namespace LmPlayground.Web.Cli;

/// <summary>Does the work of a recorded demo, and makes its document.</summary>
internal static class DemoRecorder
{
    private const int TopCandidates = 20;

    /// <summary>The document, compressed: the same bytes whenever the same list is recorded on the same machine.</summary>
    /// <param name="models">Where the models are.</param>
    /// <param name="demo">The demo.</param>
    /// <param name="created">When it says it was made.</param>
    /// <param name="error">Where the program's own faults are told.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="JobFailure">What is asked for cannot be done.</exception>
    internal static async Task<byte[]> RecordAsync(
        IModelLoader models, RecordedDemo demo, DateTime created, TextWriter error, CancellationToken cancellationToken)
    {
        // An engine of its own: what another demo left in the prefix cache would be told in this one.
        await using var runs = new CliRuns(models, TopCandidates, error);
        var maker = new DemoMaker(runs.Services.Engine, new FixedTime(created));
        var words = new DemoWords(demo.Title, demo.Sentence);
        return Compress(DemoJson.Write(WithoutTimes(demo.Request.Columns.Count > 0
            ? await CompareAsync(runs, maker, demo, words, cancellationToken)
            : await RunAsync(runs, maker, demo, words, cancellationToken))));
    }

    private static async Task<SharedDemo> RunAsync(CliRuns runs, DemoMaker maker, RecordedDemo demo, DemoWords words, CancellationToken cancellationToken)
    {
        using var work = new RunWork(demo.Request, runs.Services);
        var last = await runs.FollowAsync(work, _ => Task.CompletedTask, cancellationToken);
        JobFailure.ThrowIfFailed(last);
        return await maker.MakeAsync(last.Detail, work, words, cancellationToken: cancellationToken);
    }

    private static async Task<SharedDemo> CompareAsync(CliRuns runs, DemoMaker maker, RecordedDemo demo, DemoWords words, CancellationToken cancellationToken)
    {
        using var work = new ComparisonWork(demo.Request, runs.Services);
        var last = await runs.FollowAsync(work, _ => Task.CompletedTask, cancellationToken);
        JobFailure.ThrowIfFailed(last);
        return await maker.MakeAsync(last.Detail, work, words, cancellationToken: cancellationToken);
    }

    /// <summary>How fast the recording machine was shows nothing.</summary>
    private static SharedDemo WithoutTimes(SharedDemo demo) => demo with
    {
        Runs = [.. demo.Runs.Select(run => run with { Usage = run.Usage with { SecondsToFirstToken = null, TokensPerSecond = 0 } })],
    };

    private static byte[] Compress(byte[] document)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.SmallestSize))
            brotli.Write(document);
        return packed.ToArray();
    }

    private sealed class FixedTime(DateTime now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(now, TimeSpan.Zero);
    }
}
