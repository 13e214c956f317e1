using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Sampling.Tracing;
using LmPlayground.Sharing.Document;

namespace LmPlayground.Sharing.Inspection;

/// <summary>Makes of a demo's columns the steps that every panel shows.</summary>
/// <remarks>
/// Exact are the chosen token's logit, surprisal and rank, the entropy and the draw; candidates' probabilities are within 1/4096 of themselves, what
/// the stages did is to six digits.
/// </remarks>
public static class DemoTokens
{
    /// <summary>The steps of a run of the demo: those of its own, not of the run that it leaves.</summary>
    public static ImmutableArray<TokenStep> Of(SharedDemo demo, DemoRun run)
    {
        if (run.Model is not { } model)
            return [];
        var (stages, candidates) = (0, 0);
        var steps = ImmutableArray.CreateBuilder<TokenStep>(run.Steps.Count);
        for (var index = 0; index < run.Steps.Count; index++)
        {
            steps.Add(Step(demo.Models[model], run, index, stages, candidates));
            stages += run.Steps.Stages.Counts[index];
            candidates += run.Steps.Candidates.Counts[index];
        }

        return steps.MoveToImmutable();
    }

    /// <summary>One step of a run that has a model.</summary>
    public static TokenStep At(SharedDemo demo, DemoRun run, int index) => Step(
        demo.Models[run.Model!.Value], run, index, run.Steps.Stages.Counts.Take(index).Sum(), run.Steps.Candidates.Counts.Take(index).Sum());

    private static TokenStep Step(DemoModel model, DemoRun run, int index, int firstStage, int firstCandidate)
    {
        var steps = run.Steps;
        var top = Candidates(model, steps, index, firstCandidate);
        var chosen = top.First(candidate => candidate.Id == steps.Ids[index]);
        var isLast = index == steps.Count - 1 && run.Stop is { Position: not null };
        var stop = isLast && FinishReason.Find(run.Stop!.Reason) is { } reason
            ? new StopPoint(reason, run.Stop.Position!.Value)
            {
                TextOffset = run.Stop.TextOffset,
                StopString = run.Stop.StopString,
                PatternSize = run.Stop.PatternSize,
                Count = run.Stop.Count,
            }
            : null;
        return new TokenStep
        {
            Position = steps.Positions[index],
            Id = steps.Ids[index],
            Text = steps.Texts[index],
            Released = (steps.Released ?? steps.Texts)[index],
            Display = chosen.Text,
            Logit = steps.Logits[index],
            Probability = chosen.Probability,
            SampledProbability = chosen.SampledProbability,
            Rank = steps.Ranks[index],
            Surprisal = steps.Surprisals[index],
            Entropy = steps.Entropies[index],
            Stages = Stages(steps, index, firstStage),
            Draw = new TokenDraw(steps.DrawnIds?[index] ?? steps.Ids[index], steps.DrawnAt[index], steps.DrawnLow[index], steps.DrawnHigh[index]),
            IsForced = steps.Forced?[index] ?? false,
            SamplerState = steps.StatesBefore?[index],
            SamplerStateAfter = steps.StatesAfter?[index],
            Top = top,
            Others = new OtherTokens(
                model.VocabularySize - top.Length, steps.Others.Probabilities[index], steps.Others.Sampled[index], steps.Others.Kept[index],
                Name(steps, steps.Others.RemovedBy[index])),
            FinishReason = stop?.Reason,
            Stop = stop,
        };
    }

    private static ImmutableArray<TokenCandidate> Candidates(DemoModel model, DemoSteps steps, int index, int first)
    {
        var count = steps.Candidates.Counts[index];
        var (gap, cumulative) = (0L, 0.0);
        var logSum = steps.Logits[index] + (steps.Surprisals[index] * Math.Log(2));
        var top = ImmutableArray.CreateBuilder<TokenCandidate>(count);
        for (var i = 0; i < count; i++)
        {
            var entry = first + i;
            gap += steps.Candidates.Gaps[entry];
            var place = steps.Candidates.Tokens[entry];
            var isChosen = model.TokenIds[place] == steps.Ids[index];
            var logit = isChosen ? steps.Logits[index] : steps.TopLogits[index] - (gap * DemoLogits.Unit);
            var probability = isChosen ? Math.Pow(2, -steps.Surprisals[index]) : Math.Min(1, Math.Exp(logit - logSum));
            cumulative = Math.Min(1, cumulative + probability);
            top.Add(new TokenCandidate(
                model.TokenIds[place], model.TokenTexts[place], isChosen ? steps.Ranks[index] : i + 1, logit, probability, steps.Candidates.Sampled[entry],
                cumulative, Name(steps, steps.Candidates.RemovedBy[entry])));
        }

        return top.MoveToImmutable();
    }

    private static ImmutableArray<StageTrace> Stages(DemoSteps steps, int index, int first)
    {
        var before = steps.Entropies[index];
        var traces = ImmutableArray.CreateBuilder<StageTrace>(steps.Stages.Counts[index]);
        for (var i = first; i < first + steps.Stages.Counts[index]; i++)
        {
            var inert = steps.Stages.Inert[i];
            traces.Add(new StageTrace(
                steps.StageNames[steps.Stages.Stages[i]],
                steps.Stages.Kept[i],
                steps.Stages.RemovedMass[i],
                before,
                steps.Stages.EntropyAfter[i],
                steps.Stages.Moved[i])
            {
                Changed = inert == InertKind.None,
                Value = steps.Stages.Values[i],
                Inert = inert == InertKind.None ? default : new InertCause(inert, Name(steps, steps.Stages.InertStages[i]), steps.Stages.InertCounts[i]),
            });
            before = steps.Stages.EntropyAfter[i];
        }

        return traces.MoveToImmutable();
    }

    private static string? Name(DemoSteps steps, int stage) => stage < 0 ? null : steps.StageNames[stage];
}
