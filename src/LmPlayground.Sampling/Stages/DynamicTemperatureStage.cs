using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Numerics;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>
/// A temperature that follows the entropy (as in llama.cpp): T = Tmin + (Tmax - Tmin) (H / ln n)^exponent, with n the tokens left,
/// Tmin = max(0, temperature - range) and Tmax = temperature + range. Where it is on it does the division in place of
/// <see cref="TemperatureStage"/>. With one token left T is Tmin; a T of 0 takes the likeliest.
/// </summary>
public sealed class DynamicTemperatureStage : SamplingStage
{
    internal const string StageName = "dynamic_temperature";

    /// <summary>How far the temperature may go from its value to either side.</summary>
    public static readonly NumberParameter Range = new("dynatemp_range", "Dynamic temperature range")
    {
        Default = 0,
        Minimum = 0,
        Maximum = 5,
        SliderMaximum = 2,
        Help = "The temperature falls by up to this where the model is sure and rises by up to this where it is not. 0 keeps it fixed.",
    };

    /// <summary>How the normalised entropy bends: below 1 the temperature rises early, above 1 late.</summary>
    public static readonly NumberParameter Exponent = new("dynatemp_exponent", "Dynamic temperature exponent")
    {
        Default = 1,
        Minimum = 0.01,
        Maximum = 10,
        SliderMaximum = 4,
        Help = "Below 1 the temperature rises with little uncertainty already, above 1 only with much.",
    };

    /// <inheritdoc/>
    public override string Name => StageName;

    /// <inheritdoc/>
    public override string Label => "Dynamic temperature";

    /// <inheritdoc/>
    public override StageGroup Group => StageGroup.Temperature;

    /// <inheritdoc/>
    public override bool IsAdvanced => true;

    /// <inheritdoc/>
    public override ImmutableArray<NumberParameter> Parameters { get; } = [Range, Exponent];

    /// <inheritdoc/>
    public override bool IsOn(SamplingOptions options) => options[Range] > 0 && options.Temperature > 0;

    /// <inheritdoc/>
    protected override ILogitsProcessor Build(SamplingOptions options, ISamplingVocabulary? vocabulary) => new Processor(
        Math.Max(0, options.Temperature - options[Range]), options.Temperature + options[Range], options[Exponent]);

    private sealed class Processor(double least, double greatest, double exponent) : ILogitsProcessor
    {
        public void Apply(CandidateSet candidates, in SamplingContext context)
        {
            var temperature = Temperature(candidates);
            if (temperature > 0)
                candidates.Divide(temperature);
            else
                candidates.KeepBest();
        }

        private double Temperature(CandidateSet candidates)
        {
            if (candidates.Count == 1)
                return least;
            var share = Math.Min(1, candidates.EntropyInNats / Exponential.Log(candidates.Count));
            return least + (greatest - least) * Exponential.Power(share, exponent);
        }
    }
}
