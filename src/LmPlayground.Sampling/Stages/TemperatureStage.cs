using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>Divides every logit by the temperature: below 1 sharpens, above 1 flattens, 0 is greedy decoding.</summary>
public sealed class TemperatureStage : SamplingStage
{
    internal const string StageName = "temperature";

    /// <summary>The temperature.</summary>
    public static readonly NumberParameter Temperature = new(StageName, "Temperature")
    {
        Default = 1,
        Minimum = 0,
        Maximum = 5,
        SliderMaximum = 2,
        Help = "Below 1 the likely tokens become likelier, above 1 all tokens become more alike. 0 always takes the likeliest (greedy).",
    };

    /// <inheritdoc/>
    public override string Name => StageName;

    /// <inheritdoc/>
    public override string Label => Temperature.Label;

    /// <inheritdoc/>
    public override ImmutableArray<NumberParameter> Parameters { get; } = [Temperature];

    /// <inheritdoc/>
    public override StageGroup Group => StageGroup.Temperature;

    /// <inheritdoc/>
    public override bool IsOn(SamplingOptions options) => options.Temperature != 1;

    /// <inheritdoc/>
    protected override ILogitsProcessor Build(SamplingOptions options, ISamplingVocabulary? vocabulary) =>
        options.Temperature == 0 ? new Greedy() : new Division(options.Temperature);

    private sealed class Greedy : ILogitsProcessor
    {
        public void Apply(CandidateSet candidates, in SamplingContext context) => candidates.KeepBest();
    }

    private sealed class Division(double temperature) : ILogitsProcessor
    {
        public void Apply(CandidateSet candidates, in SamplingContext context) => candidates.Divide(temperature);
    }
}
