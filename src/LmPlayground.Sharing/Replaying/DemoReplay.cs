using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using LmPlayground.Generation;
using LmPlayground.Generation.Comparison;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Masking;
using LmPlayground.Generation.Search;
using LmPlayground.Models;
using LmPlayground.Models.Catalog;
using LmPlayground.Runs.Work;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Inspection;

namespace LmPlayground.Sharing.Replaying;

/// <summary>Runs a demo again, from its token ids and the numbers of its strategy, and says whether it reproduces. Thread-safe.</summary>
/// <param name="services">What it is done with.</param>
/// <param name="list">Which models there are. A stranger's demo may name these alone: to a loader a name can also be a folder.</param>
public sealed class DemoReplay(WorkServices services, IModelList list)
{
    private readonly GenerationEngine _engine = services.Engine;

    /// <summary>The runs of a demo that can be run again: those that have tokens.</summary>
    public static IEnumerable<DemoRun> RunsOf(SharedDemo demo) => demo.Runs.Where(run => run.Model is not null && run.Steps.Count > 0);

    /// <summary>Whether a run can be one row of several: a search and a masked text have rows of their own, and run alone.</summary>
    public static bool CanBeRow(DemoRun run) => run is { Masked: null, Search: null };

    /// <summary>Runs all runs of a demo again. A run whose model is not here, or cannot run it, says so, and the others go on.</summary>
    /// <param name="demo">The demo.</param>
    /// <param name="rows">How many sequences are read at once, the others with other seeds: a run gives the same as one row of a batch as alone.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<DemoVerdict> RunAsync(
        SharedDemo demo, int rows = 1, IProgress<ReplayProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var verdicts = ImmutableArray.CreateBuilder<DemoRunVerdict>();
        var causes = new List<DemoCause>();
        var (done, total) = (0, RunsOf(demo).Sum(run => run.Steps.Count));
        foreach (var run in RunsOf(demo))
        {
            var recorded = demo.Models[run.Model!.Value];
            try
            {
                progress?.Report(new ReplayProgress(done, total, IsLoading: true));
                using var lease = await AcquireAsync(recorded, cancellationToken);
                progress?.Report(new ReplayProgress(done, total, IsLoading: false));
                causes.AddRange(DemoCauses.Of(recorded, lease.Model.Card, run.Batched, rows > 1 && CanBeRow(run)));
                if (recorded.VocabularySize != lease.Model.Card.VocabularySize)
                    throw OtherVocabulary(recorded, lease.Model.Card);
                var again = run.Masked is null
                    ? Continue(demo, run, lease.Model, rows, cancellationToken)
                    : Fill(run, lease.Model.AsMaskedModel(), cancellationToken);
                var before = done;
                verdicts.Add(await CompareAsync(demo, run, again, index => progress?.Report(new ReplayProgress(before + index, total, IsLoading: false))));
            }
            catch (Exception error) when (WorkErrors.IsRefusal(error))
            {
                verdicts.Add(new DemoRunVerdict(run.Id, null, null) { Error = WorkErrors.Explain(error) });
            }

            done += run.Steps.Count;
        }

        causes.AddRange(DemoCauses.Of(demo.Environment, DemoEnvironment.Current(_engine)));
        return new DemoVerdict(verdicts.ToImmutable(), [.. causes.Distinct()]);
    }

    private async Task<ModelLease> AcquireAsync(DemoModel model, CancellationToken cancellationToken)
    {
        if (!IsListed(model))
            await list.RefreshAsync();
        return IsListed(model) ? await services.Models.AcquireAsync(model.Id, cancellationToken) : throw Missing(model);
    }

    private bool IsListed(DemoModel model) => list.Entries.Any(entry => entry.Id == model.Id);

    private static ModelUseException Missing(DemoModel model) => new(
        "replay.model_missing",
        $"The model \"{model.Name}\" ({model.Id}) is not on this server. Download it or add its folder, as the page of models says, and run again.");

    private static ModelUseException OtherVocabulary(DemoModel recorded, ModelCard here) => new(
        "replay.other_vocabulary",
        $"The model \"{recorded.Name}\" here is another one: its vocabulary has {here.VocabularySize:N0} tokens, and {recorded.VocabularySize:N0} there.");

    private static async Task<DemoRunVerdict> CompareAsync(SharedDemo demo, DemoRun run, IAsyncEnumerable<TokenStep> again, Action<int> told)
    {
        DemoDifference? numbers = null;
        var (count, index) = (run.Steps.Count, 0);
        await foreach (var step in again)
        {
            if (index >= count || !IsSameToken(run.Steps, index, step))
                return new DemoRunVerdict(run.Id, new DemoDifference(index, index < count ? DemoTokens.At(demo, run, index) : null, step), numbers);
            if (numbers is null && !HasSameNumbers(run.Steps, index, step))
                numbers = new DemoDifference(index, DemoTokens.At(demo, run, index), step);
            told(++index);
        }

        return new DemoRunVerdict(run.Id, index < count ? new DemoDifference(index, DemoTokens.At(demo, run, index), null) : null, numbers);
    }

    private static bool IsSameToken(DemoSteps recorded, int index, TokenStep step) =>
        (recorded.Positions[index], recorded.Ids[index], recorded.DrawnIds?[index] ?? recorded.Ids[index]) == (step.Position, step.Id, step.Draw.Id);

    /// <summary>Whether what was kept exactly is the same, bit for bit. Entropy and surprisal are made of all logits: they stand for those that are not kept.</summary>
    private static bool HasSameNumbers(DemoSteps recorded, int index, TokenStep step) =>
        recorded.Logits[index] == (float)step.Logit
        && recorded.TopLogits[index] == (float)step.Top[0].Logit
        && recorded.Ranks[index] == step.Rank
        && recorded.Surprisals[index] == step.Surprisal
        && recorded.Entropies[index] == step.Entropy
        && recorded.DrawnAt[index] == step.Draw.U
        && recorded.DrawnLow[index] == step.Draw.Low
        && recorded.DrawnHigh[index] == step.Draw.High
        && recorded.StatesAfter?[index] == step.SamplerStateAfter;

    private async IAsyncEnumerable<TokenStep> Continue(
        SharedDemo demo, DemoRun run, IModel loaded, int rows, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var model = run.SourceIds is { } source
            ? await Task.Run(() => _engine.Encode(loaded.AsEncoderDecoder(), source, cancellationToken), cancellationToken)
            : loaded.AsLanguageModel();
        var request = Request(demo, run, model);
        request = request with { Stopping = services.Planner.Allowed(request.Stopping) };
        if (run.Search is { Returned: not [] } && run.Request.Search.Start(_engine, request) is { } search)
        {
            BeamStep? last = null;
            await foreach (var step in search.WithCancellation(cancellationToken))
                last = step;
            if (last?.Returned is not [{ Ids: { IsEmpty: false } ids }, ..])
                yield break;
            request = request with { ForcedIds = ids, Stopping = request.Stopping with { MaxNewTokens = ids.Length } };
        }

        if (rows > 1 && request.ForcedIds.IsEmpty)
        {
            await foreach (var step in AsRow(request, rows, cancellationToken))
                yield return step;
            yield break;
        }

        using var again = _engine.Generate(request);
        await foreach (var step in again.WithCancellation(cancellationToken))
            yield return step;
    }

    private static GenerationRequest Request(SharedDemo demo, DemoRun run, ILanguageModel model)
    {
        var earlier = Earlier(demo, run);
        return new GenerationRequest
        {
            Model = run.Request.Search.GuidanceScale == 1 ? model : run.Request.Search.Guide(model, run.PromptIds),
            PromptIds = run.PromptIds,
            ContinuedIds = [.. earlier.Select(token => token.Id)],
            ContinuedConfidences = [.. earlier.Select(token => token.Confidence)],
            SamplerState = earlier is [.., var last] ? last.State : null,
            Sampling = run.Strategy.Sampling(new SamplingOptions()),
            // However the demo ended, it is run as far as it goes and not further: a time budget or a click is not repeated. A search ends by itself.
            Stopping = run.Search is { Returned: not [] }
                ? run.Request.Stopping
                : run.Request.Stopping with { MaxNewTokens = run.Steps.Count, MaxTime = 0 },
            Seed = run.Request.Seed ?? 0,
            TopCandidates = Math.Max(1, run.Steps.Candidates.Counts.Max()),
        };
    }

    /// <summary>The tokens that a branch has from the runs that it leaves, and what adaptive stages remember after each.</summary>
    private static List<(int Id, TokenConfidence Confidence, double? State)> Earlier(SharedDemo demo, DemoRun run)
    {
        if (run.Parent is not { } name || demo.Runs.FirstOrDefault(other => other.Id == name) is not { } parent)
            return [];
        var steps = parent.Steps;
        return
        [
            .. Earlier(demo, parent)
                .Concat(steps.Ids.Select((id, i) => (id, new TokenConfidence(Math.Pow(2, -steps.Surprisals[i]), steps.Entropies[i]), steps.StatesAfter?[i])))
                .Take(run.Position ?? 0),
        ];
    }

    /// <summary>The run as the first of several that are read together.</summary>
    private async IAsyncEnumerable<TokenStep> AsRow(GenerationRequest request, int rows, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var together = new ComparisonRun(_engine, new ComparisonRequest
        {
            Columns = [.. Enumerable.Range(0, rows).Select(row => request with { Seed = request.Seed + (ulong)row })],
        });
        await foreach (var round in together.WithCancellation(cancellationToken))
        {
            if (round.Steps[0] is { } step)
                yield return step;
        }

        if (together.Columns[0].Error is { } error)
            ExceptionDispatchInfo.Throw(error);
    }

    private async IAsyncEnumerable<TokenStep> Fill(
        DemoRun run, IMaskedModel model, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var again = new MaskedTextRun(_engine, new MaskedRequest
        {
            Model = model,
            Text = MaskedText.Read(model, run.Masked!.Text),
            Task = run.Masked.Task switch
            {
                DemoMaskedTask.Predict => MaskedTask.Predict,
                DemoMaskedTask.Score => MaskedTask.Score,
                _ => MaskedTask.Fill,
            },
            Order = run.Request.FillOrder,
            Sampling = run.Strategy.Sampling(new SamplingOptions()),
            Seed = run.Request.Seed ?? 0,
            TopCandidates = Math.Max(1, run.Steps.Candidates.Counts.Max()),
        });
        var left = run.Steps.Count;
        await foreach (var step in again.WithCancellation(cancellationToken))
        {
            yield return step;
            if (--left == 0 && run.Masked.IsCancelled)
                yield break;
        }
    }
}
