using System.Collections.Immutable;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Inspection;
using static LmPlayground.Sharing.Reading.DemoCheck;

namespace LmPlayground.Sharing.Reading;

/// <summary>Checks one run of a document.</summary>
internal static class DemoRunCheck
{
    /// <exception cref="SharedDemoException">Something does not fit.</exception>
    internal static void Check(SharedDemo demo, DemoRun run)
    {
        Text("run's id", run.Id, DemoLimits.Title);
        Text("run's parent", run.Parent, DemoLimits.Title);
        Need(run.Id.Length > 0, "a run's id");
        Need(run.Model is null || (run.Model >= 0 && run.Model < demo.Models.Length), "a run's model");
        Need(!run.PromptIds.IsDefault && !run.Steps.Ids.IsDefault, "prompt_ids or ids");
        Need(run.Model is not null || (run.Steps.Count == 0 && run.PromptIds.IsEmpty), "the tokens of a run without a model");
        var model = run.Model is { } place ? demo.Models[place] : null;
        var size = model?.VocabularySize ?? 0;
        AtMost("prompt tokens", run.PromptIds.Length, DemoLimits.PromptTokens);
        Ids("prompt_ids", run.PromptIds, size);
        if (run.SourceIds is { } source)
        {
            Need(!source.IsDefault, "source_ids");
            AtMost("source tokens", source.Length, DemoLimits.PromptTokens);
            Ids("source_ids", source, size);
        }

        Usage(run.Usage);
        if (run.Stop is { } stop)
        {
            Text("stop", stop.Reason);
            Text("stop string", stop.StopString);
            Need(stop.Position is null or >= 0 && stop.TextOffset is null or >= 0 && stop.PatternSize is null or >= 0 && stop.Count is null or >= 0, "stop");
        }

        if (run.Search is { } search)
            Search(search, size);
        if (run.Masked is { } masked)
            Masked(masked, run, size);
        if (run.Column is { } column)
        {
            Text("column's error", column.Error);
            Need(column.Difference is null or >= 0 && column.DifferenceFromFirst is null or >= 0, "column");
        }

        Steps(run.Steps, model);
    }

    private static void Usage(DemoUsage usage)
    {
        Need(usage is { PromptTokens: >= 0, SourceTokens: >= 0, NewTokens: >= 0, CachedTokens: >= 0 }, "usage");
        Finite("usage", usage.TokensPerSecond);
        Finite("usage", usage.SecondsToFirstToken ?? 0);
        Need(usage.TokensPerSecond >= 0 && usage.SecondsToFirstToken is null or >= 0, "usage");
    }

    private static void Search(DemoSearch search, int size)
    {
        Need(!search.Live.IsDefault && !search.Finished.IsDefault && !search.Returned.IsDefault, "search");
        AtMost("sequences", search.Live.Length + (long)search.Finished.Length + search.Returned.Length, DemoLimits.Beams);
        List<DemoBeam> beams = [.. search.Live, .. search.Finished, .. search.Returned];
        Need(!beams.Exists(beam => beam is null), "beams");
        foreach (var beam in beams)
        {
            Ids("beams", beam.Ids, size);
            Many("log_probabilities", beam.LogProbabilities, beam.Ids.Length);
            Finite("log_probabilities", beam.LogProbabilities);
            Finite("beams", beam.Sum);
            Finite("beams", beam.Score);
            Text("finish_reason", beam.FinishReason);
            Need(beam.Group >= 0, "a beam's group");
        }
    }

    private static void Masked(DemoMaskedText masked, DemoRun run, int size)
    {
        Ids("masked text", masked.Ids, size);
        AtMost("tokens of a masked text", masked.Ids.Length, DemoLimits.PromptTokens);
        Many("starts", masked.Starts, masked.Ids.Length);
        Many("lengths", masked.Lengths, masked.Ids.Length);
        for (var i = 0; i < masked.Ids.Length; i++)
            Need(masked.Starts[i] >= 0 && masked.Lengths[i] >= 0 && (long)masked.Starts[i] + masked.Lengths[i] <= masked.Text.Length, "where a masked text's tokens lie");
        Need(!masked.Masks.IsDefault, "masks");
        Places("masks", masked.Masks, masked.Ids.Length);
        for (var i = 1; i < masked.Masks.Length; i++)
            Need(masked.Masks[i] > masked.Masks[i - 1], "the order of masks");
        Places("positions", run.Steps.Positions.IsDefault ? [] : run.Steps.Positions, masked.Ids.Length);
        Finite("bits", masked.Bits);
        Finite("bits", masked.BitsPerCharacter);
    }

    private static void Steps(DemoSteps steps, DemoModel? model)
    {
        var (count, size) = (steps.Count, model?.VocabularySize ?? 0);
        Ids("ids", steps.Ids, size);
        Many("positions", steps.Positions, count);
        Places("positions", steps.Positions, DemoLimits.Positions);
        Texts("texts", steps.Texts, count);
        if (steps.Released is { } released)
            Texts("released", released, count);
        Many("logits", steps.Logits, count);
        Finite("logits", steps.Logits);
        Many("top_logits", steps.TopLogits, count);
        Finite("top_logits", steps.TopLogits);
        Many("ranks", steps.Ranks, count);
        Places("ranks", steps.Ranks, size + 1, least: 1);
        Many("surprisals", steps.Surprisals, count);
        Finite("surprisals", steps.Surprisals);
        Many("entropies", steps.Entropies, count);
        Finite("entropies", steps.Entropies);
        for (var i = 0; i < count; i++)
            Need(steps.Surprisals[i] >= 0 && steps.Entropies[i] >= 0 && steps.Logits[i] <= steps.TopLogits[i], "surprisals, entropies or logits");
        Many("drawn_at", steps.DrawnAt, count);
        Probabilities("drawn_at", steps.DrawnAt);
        Many("drawn_low", steps.DrawnLow, count);
        Probabilities("drawn_low", steps.DrawnLow);
        Many("drawn_high", steps.DrawnHigh, count);
        Probabilities("drawn_high", steps.DrawnHigh);
        if (steps.DrawnIds is { } drawn)
        {
            Many("drawn_ids", drawn, count);
            Ids("drawn_ids", drawn, size);
        }

        if (steps.Forced is { } forced)
            Many("forced", forced, count);
        foreach (var states in new[] { steps.StatesBefore, steps.StatesAfter }.OfType<ImmutableArray<double?>>())
        {
            Many("states", states, count);
            Finite("states", states);
        }

        Need(!steps.StageNames.IsDefault, "stage_names");
        AtMost("stages", steps.StageNames.Length, DemoLimits.Stages);
        Texts("stage_names", steps.StageNames, steps.StageNames.Length);
        Stages(steps.Stages, count, steps.StageNames.Length, size);
        Candidates(steps, model);
        var others = steps.Others;
        Many("others.probabilities", others.Probabilities, count);
        Probabilities("others.probabilities", others.Probabilities);
        Many("others.sampled", others.Sampled, count);
        Probabilities("others.sampled", others.Sampled);
        Many("others.kept", others.Kept, count);
        Places("others.kept", others.Kept, size + 1);
        Many("others.removed_by", others.RemovedBy, count);
        Places("others.removed_by", others.RemovedBy, steps.StageNames.Length, least: -1);
        if (steps.Tail is { } tail)
            Tail(tail, steps, size);
    }

    private static void Stages(DemoStages stages, int steps, int names, int size)
    {
        var count = Sum("stages.counts", stages.Counts, steps, DemoLimits.Stages);
        Many("stages.stages", stages.Stages, count);
        Places("stages.stages", stages.Stages, names);
        Many("stages.values", stages.Values, count);
        Finite("stages.values", stages.Values);
        Many("stages.kept", stages.Kept, count);
        Places("stages.kept", stages.Kept, size + 1);
        Many("stages.removed_mass", stages.RemovedMass, count);
        Probabilities("stages.removed_mass", stages.RemovedMass);
        Many("stages.entropy_after", stages.EntropyAfter, count);
        Finite("stages.entropy_after", stages.EntropyAfter);
        Many("stages.moved", stages.Moved, count);
        Places("stages.moved", stages.Moved, size + 1);
        Many("stages.inert", stages.Inert, count);
        Many("stages.inert_stages", stages.InertStages, count);
        Places("stages.inert_stages", stages.InertStages, names, least: -1);
        Many("stages.inert_counts", stages.InertCounts, count);
        Places("stages.inert_counts", stages.InertCounts, size + 1);
        for (var i = 0; i < count; i++)
        {
            var needsStage = stages.Inert[i] is Sampling.Tracing.InertKind.EarlierStage or Sampling.Tracing.InertKind.Replaced;
            Need(!needsStage || stages.InertStages[i] >= 0, "stages.inert_stages");
        }
    }

    private static void Candidates(DemoSteps steps, DemoModel? model)
    {
        var candidates = steps.Candidates;
        var count = Sum("candidates.counts", candidates.Counts, steps.Count, DemoLimits.CandidatesOfToken);
        Many("candidates.tokens", candidates.Tokens, count);
        Places("candidates.tokens", candidates.Tokens, model?.TokenIds.Length ?? 0);
        Many("candidates.gaps", candidates.Gaps, count);
        Places("candidates.gaps", candidates.Gaps, DemoLogits.MostGap + 1);
        Many("candidates.sampled", candidates.Sampled, count);
        Probabilities("candidates.sampled", candidates.Sampled);
        Many("candidates.removed_by", candidates.RemovedBy, count);
        Places("candidates.removed_by", candidates.RemovedBy, steps.StageNames.Length, least: -1);

        // Every step lists its own token, and none twice: what other settings do is worked out from that.
        var first = 0;
        var seen = new HashSet<int>();
        for (var step = 0; step < steps.Count; step++)
        {
            seen.Clear();
            var (isListed, gap) = (false, 0L);
            foreach (var i in Enumerable.Range(first, candidates.Counts[step]))
            {
                isListed |= model!.TokenIds[candidates.Tokens[i]] == steps.Ids[step];
                gap += candidates.Gaps[i];
                Need(seen.Add(candidates.Tokens[i]), "a token that is listed twice");
            }

            Need(isListed && gap <= DemoLogits.MostGap, "candidates");
            first += candidates.Counts[step];
        }
    }

    private static void Tail(DemoTail tail, DemoSteps steps, int size)
    {
        var count = Sum("tail.counts", tail.Counts, steps.Count, DemoLogits.Borders.Length);
        Many("tail.bins", tail.Bins, count);
        Places("tail.bins", tail.Bins, size + 1);
        Many("tail.means", tail.Means, count);
        Places("tail.means", tail.Means, DemoLogits.MeanParts + 1);
        Many("tail.depths", tail.Depths, steps.Count);
        Places("tail.depths", tail.Depths, DemoLogits.MostGap + 1);
        Many("tail.ruled_out", tail.RuledOut, steps.Count);
        Places("tail.ruled_out", tail.RuledOut, size);
        var first = 0;
        for (var step = 0; step < steps.Count; step++)
        {
            var tokens = tail.RuledOut[step] + (long)steps.Candidates.Counts[step];
            foreach (var i in Enumerable.Range(first, tail.Counts[step]))
                tokens += tail.Bins[i];
            Need(tokens == size, "how many tokens a step's tail has");
            first += tail.Counts[step];
        }
    }

    private static int Sum(string what, ImmutableArray<int> counts, int steps, int most)
    {
        Many(what, counts, steps);
        Places(what, counts, most + 1);
        return (int)Math.Min(int.MaxValue, counts.Sum(count => (long)count));
    }
}
