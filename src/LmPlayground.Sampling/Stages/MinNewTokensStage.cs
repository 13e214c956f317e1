using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>
/// Bans the tokens that end a text, and the run's stop tokens, while fewer tokens than asked for were generated, as in transformers. The stops
/// that look at the text wait as long, as with vLLM's min_tokens.
/// </summary>
public sealed class MinNewTokensStage : SamplingStage
{
    internal const string StageName = "min_new_tokens";

    /// <summary>How many tokens must come.</summary>
    public static readonly NumberParameter Least = new(StageName, "Minimum new tokens")
    {
        Default = 0,
        Minimum = 0,
        Maximum = int.MaxValue,
        SliderMaximum = 256,
        Step = 1,
        IsInteger = true,
        Help = "The text may not end before this many tokens were generated: end of text and stop tokens are banned, and a stop string or a loop " +
            "does not count until then. The limits of length, context and time hold all the same. 0 is off.",
    };

    /// <summary>How many tokens must come under these options; 0 where the stage does not run.</summary>
    public static int LeastOf(SamplingOptions options) => options.Order.Stages.Contains(StageName) ? (int)options[Least] : 0;

    /// <inheritdoc/>
    public override string Name => StageName;

    /// <inheritdoc/>
    public override string Label => Least.Label;

    /// <inheritdoc/>
    public override StageGroup Group => StageGroup.Constraint;

    /// <inheritdoc/>
    public override bool IsAdvanced => true;

    /// <inheritdoc/>
    public override ImmutableArray<NumberParameter> Parameters { get; } = [Least];

    /// <inheritdoc/>
    public override bool IsOn(SamplingOptions options) => options[Least] > 0;

    /// <inheritdoc/>
    protected override ILogitsProcessor Build(SamplingOptions options, ISamplingVocabulary? vocabulary)
    {
        var known = Need(vocabulary);
        return new Processor((int)options[Least], [.. known.EndOfSequenceIds.Union(known.StopTokenIds)]);
    }

    private sealed class Processor(int least, ImmutableArray<int> ends) : ILogitsProcessor
    {
        public void Apply(CandidateSet candidates, in SamplingContext context)
        {
            if (context.Output.Length >= least)
                return;
            foreach (var id in ends)
                candidates.Remove(id);
        }
    }
}
