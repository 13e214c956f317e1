using System.Collections.Immutable;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stopping;

/// <summary>A string that the user named; <see cref="StopStringMatcher"/> finds it and cuts the text.</summary>
public sealed class StopStringRule : StoppingRule
{
    internal static readonly FinishReason Ended = new("stop_string", "stop string");

    /// <summary>The strings. OpenAI's name.</summary>
    public static readonly TextListParameter Strings = new("stop", "Stop strings")
    {
        MostEntries = 100,
        Default = [],
        Help = "Stop before this text.",
        Example = "\n",
    };

    /// <summary>Whether the text is cut after the string rather than before it. vLLM's name.</summary>
    public static readonly SwitchParameter Include = new("include_stop_str_in_output", "Keep the stop string")
    {
        Default = false,
        Help = "Keep the stop text: cut after it rather than before it.",
        Of = Strings,
    };

    /// <inheritdoc/>
    public override FinishReason Reason => Ended;

    /// <inheritdoc/>
    public override ImmutableArray<Parameter> Parameters { get; } = [Strings, Include];

    /// <inheritdoc/>
    public override string Explain(StopPoint point, Func<string, string> quote) =>
        point.StopString is { } text ? $"stop string {quote(text)}" : base.Explain(point, quote);

    internal override IStoppingCriterion Build(StoppingOptions options, in StoppingEnvironment environment) => new Criterion();

    private sealed class Criterion : IStoppingCriterion
    {
        public FinishReason? Check(in StoppingContext context) => context.StopStringFound ? Ended : null;
    }
}
