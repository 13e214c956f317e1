using System.Collections.Immutable;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stopping;

/// <summary>The model ends its text itself.</summary>
public sealed class EndOfSequenceRule : StoppingRule
{
    internal static readonly FinishReason Ended = new("end_of_sequence", "end of text");

    /// <summary>Whether the run goes on all the same. vLLM's name.</summary>
    public static readonly SwitchParameter Ignore = new("ignore_eos", "Ignore the end of text")
    {
        Default = false,
        Help = "Go on after an end-of-sequence token.",
    };

    /// <inheritdoc/>
    public override FinishReason Reason => Ended;

    /// <inheritdoc/>
    public override ImmutableArray<Parameter> Parameters { get; } = [Ignore];

    /// <inheritdoc/>
    public override bool IsOn(StoppingOptions options) => !options[Ignore];

    internal override IStoppingCriterion Build(StoppingOptions options, in StoppingEnvironment environment) =>
        new TokenCriterion(environment.EndOfSequenceIds, Reason);
}
