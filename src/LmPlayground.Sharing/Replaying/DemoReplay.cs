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
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Inspection;

namespace LmPlayground.Sharing.Replaying;

/// <summary>Runs a demo again, from its token ids and the numbers of its strategy, and says whether it reproduces. Thread-safe.</summary>
/// <param name="models">Where the models are.</param>
/// <param name="engine">What generates.</param>
public sealed class DemoReplay(IModelLoader models, GenerationEngine engine)
{
    /// <summary>Runs all runs of a demo again.</summary>
    /// <param name="demo">The demo.</param>
    /// <param name="rows">How many sequences are read at once, the others with other seeds: a run gives the same as one row of a batch as alone.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Tokenizers.ModelLoadException">A model is not here, or cannot be loaded.</exception>
    /// <exception cref="ModelUseException">The model of that name is of another kind.</exception>
    /// <exception cref="PromptException">The model of that name cannot begin with the demo's prompt.</exception>
    public async Task<DemoVerdict> RunAsync(SharedDemo demo, int rows = 1, CancellationToken cancellationToken = default)
    {
        var verdicts = ImmutableArray.CreateBuilder<DemoRunVerdict>();
        var causes = new List<DemoCause>();
        foreach (var run in demo.Runs.Where(run => run.Model is not null && run.Steps.Count > 0))
        {
            var recorded = demo.Models[run.Model!.Value];
            using var lease = await models.AcquireAsync(recorded.Id, cancellationToken);
            causes.AddRange(DemoCauses.Of(recorded, lease.Model.Card, run.Batched, rows > 1));
            var again = run.Masked is null
                ? Continue(demo, run, lease.Model, rows, cancellationToken)
                : Fill(run, lease.Model.AsMaskedModel(), cancellationToken);
            verdicts.Add(await CompareAsync(demo, run, again));
        }

        causes.AddRange(DemoCauses.Of(demo.Environment, DemoEnvironment.Current(engine)));
        return new DemoVerdict(verdicts.ToImmutable(), [.. causes.Distinct()]);
    }

    private static async Task<DemoRunVerdict> CompareAsync(SharedDemo demo, DemoRun run, IAsyncEnumerable<TokenStep> again)
    {
        var recorded = DemoTokens.Of(demo, run);
        DemoDifference? numbers = null;
        var index = 0;
        await foreach (var step in again)
        {
            if (index >= recorded.Length || !IsSameToken(recorded[index], step))
                return new DemoRunVerdict(run.Id, new DemoDifference(index, recorded.ElementAtOrDefault(index), step), numbers);
            if (numbers is null && !HasSameNumbers(run.Steps, index, step))
                numbers = new DemoDifference(index, recorded[index], step);
            index++;
        }

        return new DemoRunVerdict(run.Id, index < recorded.Length ? new DemoDifference(index, recorded[index], null) : null, numbers);
    }

    private static bool IsSameToken(TokenStep recorded, TokenStep step) =>
        (recorded.Position, recorded.Id, recorded.Draw.Id) == (step.Position, step.Id, step.Draw.Id);

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
            ? await Task.Run(() => engine.Encode(loaded.AsEncoderDecoder(), source, cancellationToken), cancellationToken)
            : loaded.AsLanguageModel();
        var request = Request(demo, run, model);
        if (run.Search is { Returned: not [] } && run.Request.Search.Start(engine, request) is { } search)
        {
            BeamStep? last = null;
            await foreach (var step in search.WithCancellation(cancellationToken))
                last = step;
            request = request with { ForcedIds = last!.Returned[0].Ids };
            request = request with { Stopping = request.Stopping with { MaxNewTokens = request.ForcedIds.Length } };
        }
        else
        {
            // However the demo ended, it is run as far as it goes and not further: a time budget or a click is not repeated.
            request = request with { Stopping = request.Stopping with { MaxNewTokens = run.Steps.Count, MaxTime = 0 } };
        }

        if (rows > 1 && request.ForcedIds.IsEmpty)
        {
            await foreach (var step in AsRow(request, rows, cancellationToken))
                yield return step;
            yield break;
        }

        using var again = engine.Generate(request);
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
            ContinuedIds = [.. earlier.Select(step => step.Id)],
            ContinuedConfidences = [.. earlier.Select(step => new TokenConfidence(step.Probability, step.Entropy))],
            SamplerState = earlier is [.., var last] ? last.SamplerStateAfter : null,
            Sampling = run.Strategy.Sampling(new SamplingOptions()),
            Stopping = run.Request.Stopping,
            Seed = run.Request.Seed ?? 0,
            TopCandidates = Math.Max(1, run.Steps.Candidates.Counts.Max()),
        };
    }

    /// <summary>The tokens that a branch has from the runs that it leaves.</summary>
    private static List<TokenStep> Earlier(SharedDemo demo, DemoRun run) =>
        run.Parent is { } name && demo.Runs.FirstOrDefault(other => other.Id == name) is { } parent
            ? [.. Earlier(demo, parent).Concat(DemoTokens.Of(demo, parent)).Take(run.Position ?? 0)]
            : [];

    /// <summary>The run as the first of several that are read together.</summary>
    private async IAsyncEnumerable<TokenStep> AsRow(GenerationRequest request, int rows, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var together = new ComparisonRun(engine, new ComparisonRequest
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
        using var again = new MaskedTextRun(engine, new MaskedRequest
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
