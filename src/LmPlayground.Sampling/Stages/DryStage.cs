using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.History;
using LmPlayground.Sampling.Numerics;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>
/// DRY, "don't repeat yourself" (p-e-w 2024): a token that would continue a repetition, the text having ended in the same
/// <c>length</c> tokens that stood before it earlier, loses multiplier * base^(length - allowed length). Repetitions do not reach
/// across a sequence breaker, and a breaker is never penalised.
/// </summary>
public sealed class DryStage : SamplingStage
{
    internal const string StageName = "dry";

    /// <summary>How strong it is.</summary>
    public static readonly NumberParameter Multiplier = new("dry_multiplier", "DRY multiplier")
    {
        Default = 0,
        Minimum = 0,
        Maximum = 100,
        SliderMaximum = 5,
        Help = "Makes it ever less likely that a passage is repeated the longer the repetition already is. 0 is off, 0.8 is usual.",
    };

    /// <summary>How fast the penalty grows with the length of the repetition.</summary>
    public static readonly NumberParameter Base = new("dry_base", "DRY base")
    {
        Default = 1.75,
        Minimum = 1,
        Maximum = 10,
        SliderMaximum = 4,
        Help = "How many times stronger the penalty is with each further token of the repetition.",
    };

    /// <summary>The shortest repetition that is penalised, in tokens, the new one not counted.</summary>
    public static readonly NumberParameter AllowedLength = new("dry_allowed_length", "DRY allowed length")
    {
        Default = 2,
        Minimum = 1,
        Maximum = 1000,
        SliderMaximum = 20,
        Step = 1,
        IsInteger = true,
        Help = "Repetitions shorter than this many tokens are free.",
    };

    /// <summary>The texts at which a repetition ends. A token that contains one is a breaker; so is a sequence of tokens that spells one.</summary>
    public static readonly TextListParameter SequenceBreakers = new("dry_sequence_breakers", "DRY sequence breakers")
    {
        MostEntries = 100,
        Default = ["\n", ":", "\"", "*"],
        Help = "Texts at which a repetition is taken to end: those of lists and dialogues, which must repeat.",
        Example = ":",
    };

    /// <inheritdoc/>
    public override string Name => StageName;

    /// <inheritdoc/>
    public override string Label => "DRY";

    /// <inheritdoc/>
    public override StageGroup Group => StageGroup.Penalty;

    /// <inheritdoc/>
    public override bool IsAdvanced => true;

    /// <inheritdoc/>
    public override ImmutableArray<NumberParameter> Parameters { get; } = [Multiplier, Base, AllowedLength];

    /// <inheritdoc/>
    public override ImmutableArray<TextListParameter> Texts { get; } = [SequenceBreakers];

    /// <inheritdoc/>
    public override bool IsOn(SamplingOptions options) => options[Multiplier] > 0;

    /// <inheritdoc/>
    protected override ILogitsProcessor Build(SamplingOptions options, ISamplingVocabulary? vocabulary)
    {
        var texts = options[SequenceBreakers];
        var breakers = texts.Count == 0 ? SequenceBreakerSet.Empty : SequenceBreakerSet.Of(Need(vocabulary), texts);
        return new Processor(options[Multiplier], options[Base], (int)options[AllowedLength], breakers);
    }

    private sealed class Processor(double multiplier, double growth, int allowed, SequenceBreakerSet breakers) : ILogitsProcessor
    {
        // ln of the greatest float32: beyond it llama.cpp's penalty would overflow.
        private readonly int _greatestExponent = growth > 1 ? (int)Math.Min(int.MaxValue, 88.7228391 / Exponential.Log(growth)) : 0;
        private readonly RepeatedSuffixes _repeated = new();

        public void Apply(CandidateSet candidates, in SamplingContext context)
        {
            var reach = breakers.LengthSinceLast(context.History);
            if (reach < allowed)
                return;
            var found = _repeated.Find(context.History, reach);
            for (var i = 0; i < found.Ids.Length; i++)
            {
                if (found.Values[i] >= allowed && !breakers.Contains(found.Ids[i]))
                    candidates.Shift(found.Ids[i], -multiplier * Grown(found.Values[i] - allowed));
            }
        }

        /// <summary>base^exponent by squaring: the same bits everywhere.</summary>
        private double Grown(int exponent)
        {
            var (result, square) = (1.0, growth);
            for (var left = Math.Min(exponent, _greatestExponent); left > 0; left >>= 1)
            {
                result = (left & 1) == 1 ? result * square : result;
                square *= square;
            }

            return result;
        }
    }
}
