using System.Collections.Immutable;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stopping;

/// <summary>The time budget is used up. The only criterion that is not reproducible.</summary>
public sealed class TimeRule : StoppingRule
{
    internal static readonly FinishReason Ended = new("time_limit", "time is up");

    /// <summary>The budget, in seconds. transformers' name.</summary>
    public static readonly NumberParameter MaxTime = new("max_time", "Time limit (seconds)")
    {
        Default = 0,
        Minimum = 0,
        Maximum = 86_400,
        SliderMaximum = 60,
        Step = 0.5,
        Help = "Stop after this many seconds, reading the prompt included. 0 is no limit. A slower machine stops earlier in the text.",
    };

    /// <inheritdoc/>
    public override FinishReason Reason => Ended;

    /// <inheritdoc/>
    public override ImmutableArray<Parameter> Parameters { get; } = [MaxTime];

    /// <inheritdoc/>
    public override bool IsAdvanced => true;

    internal override IStoppingCriterion Build(StoppingOptions options, in StoppingEnvironment environment) =>
        new Criterion(environment.Time, TimeSpan.FromSeconds(options.MaxTime));

    // The clock runs from the criterion's making on.
    private sealed class Criterion(TimeProvider time, TimeSpan budget) : IStoppingCriterion
    {
        private readonly long _started = time.GetTimestamp();

        public FinishReason? Check(in StoppingContext context) => time.GetElapsedTime(_started) >= budget ? Ended : null;
    }
}
