using System.Collections.Immutable;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stopping;

/// <summary>A token that the user named.</summary>
public sealed class StopTokenRule : StoppingRule
{
    internal static readonly FinishReason Ended = new("stop_token", "stop token");

    /// <summary>The tokens.</summary>
    public static readonly TokenIdListParameter Ids = new("stop_token_id", "Stop tokens")
    {
        Default = [],
        Help = "Stop at this token id.",
        CommandLineName = "--stop-id",
    };

    /// <inheritdoc/>
    public override FinishReason Reason => Ended;

    /// <inheritdoc/>
    public override ImmutableArray<Parameter> Parameters { get; } = [Ids];

    internal override IStoppingCriterion Build(StoppingOptions options, in StoppingEnvironment environment) =>
        new TokenCriterion(options.StopTokenIds, Reason);
}
