using System.Collections.Immutable;
using LmPlayground.Sampling;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Sharing.Inspection;

/// <summary>
/// Runs the project's own <see cref="SamplerChain"/> over the logits that a demo keeps. What it answers is within <see cref="DemoOutcome.Bound"/>
/// of the truth; what could be further from it is not answered.
/// </summary>
/// <remarks>
/// <para>Answered: temperature, top-k, top-p, min-p, typical-p, epsilon cutoff and XTC, in any order. Repetition, presence and frequency penalty and
/// no-repeat n-grams need the history besides, which a demo has; they are answered where the tokens that they touch and that are not
/// listed weigh too little to matter.</para>
/// <para>Never answered: stages of texts (logit bias, bad words, allowed words, DRY, min new tokens), which need the vocabulary; dynamic
/// temperature, eta cutoff, top-n-sigma and tail-free, which need every logit; mirostat, whose memory would carry an error from step to step.</para>
/// <para>The chain runs over both vectors that the histogram allows, and with each threshold moved down and up by what the rounding may move a
/// mass. Where all runs keep the same listed tokens with the same probabilities, the answer is known. Keeps buffers: not thread-safe.</para>
/// </remarks>
public sealed class DemoSampler
{
    private static readonly string[] Answerable = ["temperature", "top_k", "top_p", "min_p", "typical_p", "epsilon_cutoff", "xtc"];
    private static readonly string[] OfHistory = ["repetition_penalty", "presence_penalty", "frequency_penalty", "no_repeat_ngram_size"];

    private float[] _logits = [];

    /// <summary>Whether a stage can be answered at all; how near the answer is still decides at each step.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="hasHistory">Whether there are tokens before; a masked text has tokens on both sides.</param>
    public static bool IsAnswered(SamplingStage stage, bool hasHistory = true) =>
        Answerable.Contains(stage.Name) || (hasHistory && OfHistory.Contains(stage.Name));

    /// <summary>What settings do at a step.</summary>
    /// <param name="logits">What is known of its logits.</param>
    /// <param name="options">The settings.</param>
    /// <param name="context">The tokens before it, and the seed.</param>
    /// <param name="u">The random number of its draw.</param>
    /// <param name="hasHistory">Whether the context has the tokens before it; a masked text has tokens on both sides.</param>
    public DemoOutcome Run(DemoLogits logits, SamplingOptions options, in SamplingContext context, double u, bool hasHistory = true)
    {
        var on = options.Order.Stages.Select(SamplingStages.Find).OfType<SamplingStage>().Where(stage => stage.IsOn(options)).ToList();
        if (on.Find(stage => !IsAnswered(stage, hasHistory)) is { } never)
            return new DemoOutcome { Unknown = DemoUnknown.Stage, Stage = never.Name };
        var penalties = on.TakeWhile(stage => OfHistory.Contains(stage.Name)).Count();
        if (on.FindIndex(penalties, stage => OfHistory.Contains(stage.Name)) is >= 0 and var late)
            return new DemoOutcome { Unknown = DemoUnknown.Stage, Stage = on[late].Name };
        if (logits.Ordered == 0)
            return new DemoOutcome { Unknown = DemoUnknown.NoLogits };
        if (_logits.Length != logits.VocabularySize)
            _logits = new float[logits.VocabularySize];

        var uncertainty = Uncertainty(logits, options, penalties > 0, context);
        if (!(uncertainty < 1))
            return new DemoOutcome { Unknown = DemoUnknown.TooClose };
        var runs = new List<Once>();
        foreach (var shape in Enum.GetValues<DemoTailShape>())
        {
            logits.Restore(_logits, shape);
            foreach (var shift in (int[])[0, -1, 1])
                runs.Add(RunOnce(logits, Shifted(logits, options, shift * uncertainty), context, u));
        }

        var middle = logits.Ids.Select((_, i) => (runs[0].Sampled[i] + runs[3].Sampled[i]) / 2).ToImmutableArray();
        foreach (var run in runs)
        {
            if (!run.RemovedBy.AsSpan().SequenceEqual(runs[0].RemovedBy)
                || run.Sampled.Where((p, i) => Math.Abs(p - middle[i]) > DemoOutcome.Bound / 2).Any()
                || (run.HasOthers && run.Sampled.Any(p => p * (1 - p) * uncertainty > DemoOutcome.Bound)))
                return new DemoOutcome { Unknown = DemoUnknown.TooClose };
        }

        var isSure = runs.TrueForAll(run => run.Drawn == runs[0].Drawn && u - run.Low >= uncertainty && run.High - u > uncertainty)
            || runs.TrueForAll(run => run.Low == 0 && run.High == 1);
        return new DemoOutcome
        {
            Sampled = middle,
            RemovedBy = [.. runs[0].RemovedBy],
            DrawnId = isSure && logits.Ids.AsSpan(0, logits.Ordered).Contains(runs[0].Drawn) ? runs[0].Drawn : null,
        };
    }

    private Once RunOnce(DemoLogits logits, SamplingOptions options, in SamplingContext context, double u)
    {
        var chain = new SamplerChain(options);
        chain.Run(_logits, context, trace: false);
        var sampled = new double[logits.Ids.Length];
        chain.Candidates.Probabilities(logits.Ids.AsSpan(), sampled);
        var draw = chain.Candidates.Draw(u);
        var hasOthers = chain.Candidates.Count > logits.Ids.Count(chain.Candidates.Contains);
        return new Once(sampled, [.. logits.Ids.Select(chain.RemovedBy)], draw.Id, draw.Low, draw.High, hasOthers);
    }

    /// <summary>What one of the chain's runs gives.</summary>
    private sealed record Once(double[] Sampled, string?[] RemovedBy, int Drawn, double Low, double High, bool HasOthers);

    /// <summary>By what share of itself a mass may be wrong: from the histogram, from the rounding, and from the tokens that a penalty moves unseen.</summary>
    private double Uncertainty(DemoLogits logits, SamplingOptions options, bool hasPenalties, in SamplingContext context)
    {
        var most = 0.0;
        var penalty = options[RepetitionPenaltyStage.Penalty];
        var unseen = hasPenalties ? Unseen(logits, context.History) : 0;
        if (unseen > 0 && Raises(options))
            return double.PositiveInfinity;
        foreach (var scale in Scales(options))
        {
            var listed = logits.ListedMass(scale);
            var (means, borders) = (logits.TailMass(scale, DemoTailShape.Means), logits.TailMass(scale, DemoTailShape.Borders));
            var mass = listed + Math.Min(means, borders);
            var after = hasPenalties ? MassAfterPenalties(logits, options, scale, context) : mass;

            // The mean of a bin is rounded too: a bin is at most a few nats wide where its mass matters.
            var rounded = Math.Max(means, borders) * 3 * scale / (2 * DemoLogits.MeanParts);
            var tail = Math.Abs(means - borders) + rounded + Math.Min(Math.Max(means, borders), unseen * Math.Exp(-logits.TailStart * DemoLogits.Unit * scale));
            var rounding = DemoLogits.Unit * scale * Math.Max(1, Math.Max(penalty, 1 / penalty));
            most = Math.Max(most, (tail / Math.Min(mass, after)) + rounding);
        }

        return most;
    }

    /// <summary>The mass when the penalties have run, in the measure of <see cref="DemoLogits.ListedMass"/>.</summary>
    private double MassAfterPenalties(DemoLogits logits, SamplingOptions options, double scale, in SamplingContext context)
    {
        var only = new SamplingOptions { Order = options.Order };
        foreach (var parameter in SamplingStages.All.Where(stage => OfHistory.Contains(stage.Name)).SelectMany(stage => stage.Parameters))
            only = only.With(parameter, options[parameter]);
        logits.Restore(_logits, DemoTailShape.Means);
        var chain = new SamplerChain(only);
        chain.Run(_logits, context, trace: false);
        var sum = 0.0;
        for (var id = 0; id < logits.VocabularySize; id++)
            sum += Math.Exp((chain.Candidates.Logit(id) - logits.Top) * scale);
        return sum;
    }

    private static int Unseen(DemoLogits logits, ReadOnlySpan<int> history) => new HashSet<int>(history.ToArray()).Except(logits.Ids).Count();

    /// <summary>Whether a penalty makes tokens likelier: one that is not listed could then come to the top.</summary>
    private static bool Raises(SamplingOptions options) =>
        options[RepetitionPenaltyStage.Penalty] < 1 || options[PresencePenaltyStage.Penalty] < 0 || options[FrequencyPenaltyStage.Penalty] < 0;

    private static IEnumerable<double> Scales(SamplingOptions options) => options.Temperature is 0 or 1 ? [1] : [1, 1 / options.Temperature];

    /// <summary>The settings with each threshold moved by what a mass may be wrong.</summary>
    private static SamplingOptions Shifted(DemoLogits logits, SamplingOptions options, double by)
    {
        if (by == 0)
            return options;
        options = Move(options, TopPStage.P, options.TopP < 1, options.TopP + by);
        options = Move(options, TopKStage.K, options.TopK > logits.Ordered, logits.BinEnd(options.TopK, up: by > 0));
        var (typical, epsilon) = (options[TypicalPStage.P], options[EpsilonCutoffStage.Epsilon]);
        var typicalBy = Math.Sign(by) * (Math.Max(Math.Abs(by), DemoOutcome.Bound) + LargestBin(logits, options));
        options = Move(options, TypicalPStage.P, typical < 1, typical + typicalBy);
        options = Move(options, MinPStage.P, options[MinPStage.P] > 0, Relative(options[MinPStage.P], 1));
        options = Move(options, EpsilonCutoffStage.Epsilon, epsilon > 0, Relative(epsilon, logits.ListedMass(1) + logits.TailMass(1, DemoTailShape.Means)));
        return Move(options, XtcStage.Threshold, options[XtcStage.Probability] > 0, options[XtcStage.Threshold] * (1 + by));

        // A threshold among the tokens that are not listed falls into a bin: it is moved past it.
        double Relative(double threshold, double mass)
        {
            var isInTail = Scales(options).Any(scale => threshold * mass <= Math.Exp(-logits.TailStart * DemoLogits.Unit * scale));
            return threshold * (isInTail ? Math.Exp(Math.Sign(by) * 2) : 1 + by);
        }
    }

    /// <summary>The share of the mass of the largest bin: where among its tokens a cut falls is not known.</summary>
    private static double LargestBin(DemoLogits logits, SamplingOptions options) =>
        Scales(options).Max(scale => logits.LargestBin(scale) / (logits.ListedMass(scale) + logits.TailMass(scale, DemoTailShape.Means)));

    private static SamplingOptions Move(SamplingOptions options, NumberParameter parameter, bool isOn, double value) =>
        isOn ? options.With(parameter, parameter.Clamp(value)) : options;
}
