using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>
/// Keeps the nucleus (Holtzman et al. 2020): the fewest of the most probable tokens whose mass reaches p. A token stays if the mass
/// of all tokens before it in the total order is less than p, so the token that crosses p stays, and p = 0 keeps the most probable one.
/// </summary>
public sealed class TopPStage : SamplingStage
{
    internal const string StageName = "top_p";

    /// <summary>The mass of the nucleus.</summary>
    public static readonly NumberParameter P = new(StageName, "Top-p")
    {
        Default = 1,
        Minimum = 0,
        Maximum = 1,
        SliderMaximum = 1,
        Help = "Only the likeliest tokens that together reach this probability stay in the draw. 1 keeps all.",
    };

    /// <inheritdoc/>
    public override string Name => StageName;

    /// <inheritdoc/>
    public override string Label => P.Label;

    /// <inheritdoc/>
    public override ImmutableArray<NumberParameter> Parameters { get; } = [P];

    /// <inheritdoc/>
    public override StageGroup Group => StageGroup.Truncation;

    /// <inheritdoc/>
    public override bool IsOn(SamplingOptions options) => options.TopP < 1;

    /// <inheritdoc/>
    protected override ILogitsProcessor Build(SamplingOptions options, ISamplingVocabulary? vocabulary) => new Processor(options.TopP);

    private sealed class Processor(double p) : ILogitsProcessor
    {
        public void Apply(CandidateSet candidates, in SamplingContext context) => candidates.KeepNucleus(p);
    }
}
