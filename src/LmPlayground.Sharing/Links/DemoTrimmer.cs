using System.Collections.Immutable;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Making;

namespace LmPlayground.Sharing.Links;

/// <summary>Leaves out of a demo what it can be shown without.</summary>
internal static class DemoTrimmer
{
    /// <summary>The demo without histograms, and with at most so many candidates of each token besides the chosen one.</summary>
    internal static SharedDemo Trim(SharedDemo demo, int candidates)
    {
        ImmutableArray<DemoSteps> steps = [.. demo.Runs.Select(run => Trim(run.Steps, run.Model is { } model ? demo.Models[model] : null, candidates))];
        var models = ImmutableArray.CreateBuilder<DemoModel>(demo.Models.Length);
        var places = new Dictionary<int, int>[demo.Models.Length];
        for (var model = 0; model < demo.Models.Length; model++)
        {
            var used = demo.Runs.Index().Where(run => run.Item.Model == model).SelectMany(run => steps[run.Index].Candidates.Tokens).ToImmutableSortedSet();
            places[model] = used.Index().ToDictionary(place => place.Item, place => place.Index);
            var whole = demo.Models[model];
            models.Add(whole with { TokenIds = [.. used.Select(place => whole.TokenIds[place])], TokenTexts = [.. used.Select(place => whole.TokenTexts[place])] });
        }

        return demo with
        {
            Models = models.MoveToImmutable(),
            Runs = [.. demo.Runs.Select((run, index) => run with
            {
                Steps = run.Model is not { } model ? steps[index] : steps[index] with
                {
                    Candidates = steps[index].Candidates with { Tokens = [.. steps[index].Candidates.Tokens.Select(place => places[model][place])] },
                },
            })],
        };
    }

    private static DemoSteps Trim(DemoSteps steps, DemoModel? model, int most)
    {
        var whole = steps.Candidates;
        var (counts, tokens, gaps) = (ImmutableArray.CreateBuilder<int>(), ImmutableArray.CreateBuilder<int>(), ImmutableArray.CreateBuilder<int>());
        var (sampled, removedBy) = (ImmutableArray.CreateBuilder<double>(), ImmutableArray.CreateBuilder<int>());
        var others = (Sampled: steps.Others.Sampled.ToBuilder(), Probabilities: steps.Others.Probabilities.ToBuilder(), Kept: steps.Others.Kept.ToBuilder());
        var first = 0;
        for (var step = 0; step < steps.Count; step++)
        {
            var (kept, gap) = (0, 0L);
            var (below, logSum) = (0L, steps.Logits[step] + (steps.Surprisals[step] * Math.Log(2)));
            for (var i = first; i < first + whole.Counts[step]; i++)
            {
                gap += whole.Gaps[i];
                below += whole.Gaps[i];
                if (i - first < most || model!.TokenIds[whole.Tokens[i]] == steps.Ids[step])
                {
                    kept++;
                    tokens.Add(whole.Tokens[i]);
                    gaps.Add((int)gap);
                    sampled.Add(whole.Sampled[i]);
                    removedBy.Add(whole.RemovedBy[i]);
                    gap = 0;
                    continue;
                }

                others.Sampled[step] = StepColumns.Digits(Math.Min(1, others.Sampled[step] + whole.Sampled[i]));
                others.Probabilities[step] = StepColumns.Digits(
                    Math.Min(1, others.Probabilities[step] + Math.Exp(steps.TopLogits[step] - (below * Inspection.DemoLogits.Unit) - logSum)));
                others.Kept[step] += whole.RemovedBy[i] < 0 ? 1 : 0;
            }

            counts.Add(kept);
            first += whole.Counts[step];
        }

        return steps with
        {
            Candidates = new DemoCandidates
            {
                Counts = counts.ToImmutable(),
                Tokens = tokens.ToImmutable(),
                Gaps = gaps.ToImmutable(),
                Sampled = sampled.ToImmutable(),
                RemovedBy = removedBy.ToImmutable(),
            },
            Others = steps.Others with { Sampled = others.Sampled.ToImmutable(), Probabilities = others.Probabilities.ToImmutable(), Kept = others.Kept.ToImmutable() },
            Tail = null,
        };
    }
}
