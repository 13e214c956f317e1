namespace LmPlayground.Sampling.Stopping;

/// <summary>The model's context has no room for another token.</summary>
public sealed class ContextRule : StoppingRule
{
    internal static readonly FinishReason Ended = new("context_full", "context full");

    /// <inheritdoc/>
    public override FinishReason Reason => Ended;

    /// <inheritdoc/>
    public override bool IsOn(StoppingOptions options) => true;

    internal override IStoppingCriterion Build(StoppingOptions options, in StoppingEnvironment environment) =>
        new Criterion(environment.ContextLength ?? int.MaxValue);

    private sealed class Criterion(int contextLength) : IStoppingCriterion
    {
        public FinishReason? Check(in StoppingContext context) => context.SequenceLength >= contextLength ? Ended : null;
    }
}
