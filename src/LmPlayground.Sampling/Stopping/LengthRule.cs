using System.Collections.Immutable;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stopping;

/// <summary>As many new tokens as were asked for.</summary>
public sealed class LengthRule : StoppingRule
{
    internal static readonly FinishReason Ended = new("length", "length");

    /// <summary>How many. transformers' name; OpenAI's is max_tokens.</summary>
    public static readonly NumberParameter MaxNewTokens = new("max_new_tokens", "New tokens")
    {
        Default = 128,
        Minimum = 1,
        Maximum = 100_000,
        SliderMaximum = 2_048,
        Step = 1,
        IsInteger = true,
        Help = "The most tokens to generate.",
    };

    /// <inheritdoc/>
    public override FinishReason Reason => Ended;

    /// <inheritdoc/>
    public override ImmutableArray<Parameter> Parameters { get; } = [MaxNewTokens];

    /// <inheritdoc/>
    public override bool IsOn(StoppingOptions options) => true;

    internal override IStoppingCriterion Build(StoppingOptions options, in StoppingEnvironment environment) => new Criterion(options.MaxNewTokens);

    private sealed class Criterion(int maxNewTokens) : IStoppingCriterion
    {
        public FinishReason? Check(in StoppingContext context) => context.NewTokens >= maxNewTokens ? Ended : null;
    }
}
