using System.Collections.Immutable;
using LmPlayground.Generation.Engine;
using LmPlayground.Models;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Generation.Search;

/// <summary>How a text is looked for beyond one sample: which sequences are followed, and what leads them. Equal strategies are equal records.</summary>
public sealed record SearchStrategy
{
    /// <summary>Beam search with these settings, or null.</summary>
    public BeamSearchOptions? Beams { get; init; }

    /// <summary>Best-of-n with these settings, or null. It does not go with <see cref="Beams"/>.</summary>
    public BestOfOptions? BestOf { get; init; }

    /// <summary>Classifier-free guidance: <see cref="GuidanceOptions.Scale"/>; 1 is off.</summary>
    public double GuidanceScale { get; init; } = 1;

    /// <summary>What guidance leads away from; null for the last token of the prompt.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>Whether several sequences are followed: the run is a <see cref="SearchRun"/>.</summary>
    public bool IsSearch => Beams is not null || BestOf is not null;

    /// <summary>Checks the ranges and what depends on each other.</summary>
    /// <exception cref="SettingException">One is wrong; the message names it and its range.</exception>
    public void Validate()
    {
        Beams?.Validate();
        BestOf?.Validate();
        if (!double.IsFinite(GuidanceScale) || GuidanceScale < 0)
            throw new SettingException("guidance.range", $"guidance_scale must be a number of 0 or more; 1 is off.");
    }

    /// <summary>The model, under guidance if that is asked for.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompt">The ids of the prompt that the request will have.</param>
    /// <exception cref="SettingException">The scale is not a number of 0 or more.</exception>
    /// <exception cref="PromptException">The model cannot begin with the prompt or the negative prompt.</exception>
    public ILanguageModel Guide(ILanguageModel model, ImmutableArray<int> prompt)
    {
        var negative = string.IsNullOrEmpty(NegativePrompt) ? [] : PromptEncoder.Encode(model, NegativePrompt);
        return GuidedModel.For(model, new GuidanceOptions { Scale = GuidanceScale, NegativeIds = negative }, prompt);
    }

    /// <summary>The search for a request, or null where one sequence is asked for.</summary>
    /// <exception cref="SettingException">An option is out of range; the message names it.</exception>
    public SearchRun? Start(GenerationEngine engine, GenerationRequest request) => (Beams, BestOf) switch
    {
        ({ } beams, _) => new BeamSearch(engine, request, beams),
        (_, { } bestOf) => new BestOfN(engine, request, bestOf),
        _ => null,
    };
}
