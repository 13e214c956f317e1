using System.Collections.Immutable;
using System.Globalization;
using LmPlayground.Generation;
using LmPlayground.Sampling.Tracing;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Inspection;

namespace LmPlayground.Sharing.Making;

/// <summary>Turns steps into columns.</summary>
internal sealed class StepColumns(ModelTable models, int model, int listed)
{
    private const int ShownDigits = 6;

    private readonly List<string> _names = [];

    /// <summary>The candidates that a demo lists: the first ones, and the chosen one.</summary>
    internal static ImmutableArray<TokenCandidate> Listed(TokenStep step, int count)
    {
        var first = step.Top.Take(count).Where((candidate, index) => candidate.Rank == index + 1).ToImmutableArray();
        return first.Any(candidate => candidate.Id == step.Id) ? first : first.Add(step.Top.First(candidate => candidate.Id == step.Id));
    }

    /// <summary>The columns of a run's steps.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="logits">What is kept of each step's logits; empty to leave the histogram out.</param>
    internal DemoSteps Build(IReadOnlyList<TokenStep> steps, IReadOnlyList<DemoLogits> logits)
    {
        var tops = steps.Select(step => Listed(step, listed)).ToList();
        var traces = steps.SelectMany(step => step.Stages).ToList();
        var stages = Stages(steps, traces);
        var candidates = Candidates(steps, tops);
        var others = Others(steps, tops);
        var isForced = steps.Any(step => step.IsForced);
        var hasStates = steps.Any(step => step.SamplerState is not null || step.SamplerStateAfter is not null);
        return new DemoSteps
        {
            Positions = [.. steps.Select(step => step.Position)],
            Ids = [.. steps.Select(step => step.Id)],
            Texts = [.. steps.Select(step => Short(step.Text))],
            Released = steps.Any(step => step.Released != step.Text) ? [.. steps.Select(step => Short(step.Released))] : null,
            Logits = [.. steps.Select(step => Finite(step.Logit))],
            TopLogits = [.. steps.Select(TopOf)],
            Ranks = [.. steps.Select(step => step.Rank)],
            Surprisals = [.. steps.Select(step => Math.Min(step.Surprisal, float.MaxValue))],
            Entropies = [.. steps.Select(step => step.Entropy)],
            DrawnAt = [.. steps.Select(step => step.Draw.U)],
            DrawnLow = [.. steps.Select(step => step.Draw.Low)],
            DrawnHigh = [.. steps.Select(step => step.Draw.High)],
            DrawnIds = steps.Any(step => step.Draw.Id != step.Id) ? [.. steps.Select(step => step.Draw.Id)] : null,
            Forced = isForced ? [.. steps.Select(step => step.IsForced)] : null,
            StatesBefore = hasStates ? [.. steps.Select(step => step.SamplerState)] : null,
            StatesAfter = hasStates ? [.. steps.Select(step => step.SamplerStateAfter)] : null,
            Stages = stages,
            Candidates = candidates,
            Others = others,
            Tail = logits.Count == 0 || logits.Count != steps.Count ? null : Tail(logits),
            StageNames = [.. _names],
        };
    }

    /// <summary>A number to some digits: what is only shown need not be exact.</summary>
    internal static double Digits(double number, int digits = ShownDigits) =>
        double.Parse(number.ToString($"G{digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>A logit as a number that JSON has.</summary>
    private static float Finite(double logit) => (float)Math.Clamp(logit, -float.MaxValue, float.MaxValue);

    private static string Short(string text) => text.Length <= DemoLimits.Text ? text : text[..DemoLimits.Text];

    /// <summary>The greatest logit; with nothing listed but a token of a low rank, it is not known and that token's own.</summary>
    private static float TopOf(TokenStep step) => Finite(step.Top[0].Logit);

    private DemoStages Stages(IReadOnlyList<TokenStep> steps, List<StageTrace> traces) => new()
    {
        Counts = [.. steps.Select(step => step.Stages.Length)],
        Stages = [.. traces.Select(trace => NameOf(trace.Stage))],
        Values = [.. traces.Select(trace => trace.Value)],
        Kept = [.. traces.Select(trace => trace.Kept)],
        RemovedMass = [.. traces.Select(trace => Digits(Math.Clamp(trace.RemovedMass, 0, 1)))],
        EntropyAfter = [.. traces.Select(trace => Digits(trace.EntropyAfter))],
        Moved = [.. traces.Select(trace => trace.Moved)],
        Inert = [.. traces.Select(trace => trace.Inert.Kind)],
        InertStages = [.. traces.Select(trace => NameOf(trace.Inert.Stage))],
        InertCounts = [.. traces.Select(trace => trace.Inert.Count)],
    };

    private DemoCandidates Candidates(IReadOnlyList<TokenStep> steps, List<ImmutableArray<TokenCandidate>> tops)
    {
        var gaps = ImmutableArray.CreateBuilder<int>();
        foreach (var (step, top) in steps.Zip(tops))
        {
            var before = 0;
            foreach (var candidate in top)
            {
                var gap = Math.Max(before, DemoLogits.GapOf(Finite(candidate.Logit), TopOf(step)));
                gaps.Add(gap - before);
                before = gap;
            }
        }

        var all = tops.SelectMany(top => top).ToList();
        return new DemoCandidates
        {
            Counts = [.. tops.Select(top => top.Length)],
            Tokens = [.. all.Select(candidate => models.PlaceOf(model, candidate.Id))],
            Gaps = gaps.ToImmutable(),
            Sampled = [.. all.Select(candidate => Digits(Math.Clamp(candidate.SampledProbability, 0, 1)))],
            RemovedBy = [.. all.Select(candidate => NameOf(candidate.RemovedBy))],
        };
    }

    private DemoOthers Others(IReadOnlyList<TokenStep> steps, List<ImmutableArray<TokenCandidate>> tops) => new()
    {
        Probabilities = [.. tops.Select(top => Digits(Rest(top.Sum(candidate => candidate.Probability))))],
        Sampled = [.. steps.Zip(tops, (step, top) => KeptOf(step, top) == 0 ? 0 : Digits(Rest(top.Sum(candidate => candidate.SampledProbability))))],
        Kept = [.. steps.Zip(tops, KeptOf)],
        RemovedBy = [.. steps.Select(step => NameOf(step.Others.RemovedBy))],
    };

    private static DemoTail Tail(IReadOnlyList<DemoLogits> logits) => new()
    {
        Counts = [.. logits.Select(step => step.Tail.Length)],
        Bins = [.. logits.SelectMany(step => step.Tail).Select(bin => bin.Count)],
        Means = [.. logits.SelectMany(step => step.Tail).Select(bin => bin.Mean)],
        Depths = [.. logits.Select(step => step.Depth)],
        RuledOut = [.. logits.Select(step => step.RuledOut)],
    };

    private static double Rest(double sum) => Math.Clamp(1 - sum, 0, 1);

    /// <summary>How many tokens are left that the demo does not list: the step's own, and those that it lists and the demo does not.</summary>
    private static int KeptOf(TokenStep step, ImmutableArray<TokenCandidate> top) =>
        step.Others.KeptCount + step.Top.Count(IsKept) - top.Count(IsKept);

    private static bool IsKept(TokenCandidate candidate) => candidate.RemovedBy is null && double.IsFinite(candidate.Logit);

    private int NameOf(string? stage)
    {
        if (stage is null)
            return -1;
        var place = _names.IndexOf(stage);
        if (place >= 0)
            return place;
        _names.Add(stage);
        return _names.Count - 1;
    }
}
