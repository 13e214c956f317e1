using LmPlayground.Models;
using LmPlayground.Models.Catalog;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Runs.Planning;

/// <summary>What a model's makers recommend, as settings.</summary>
public static class ModelDefaults
{
    /// <summary>The prompt of a page whose model has no example.</summary>
    public const string FallbackPrompt = "Once upon a time";

    /// <summary>The message of a page whose model answers and has no example.</summary>
    public const string FallbackQuestion = "What is the capital of France?";

    /// <summary>What a model samples with whose makers recommend nothing: a first run worth reading, where the bare distribution rambles.</summary>
    private static readonly SamplingOptions Usual = new SamplingOptions().With(TemperatureStage.Temperature, 0.8).With(TopPStage.P, 0.95);

    /// <summary>The source text of a page whose encoder-decoder has no example.</summary>
    public const string FallbackSource = "The little dog was very happy because it had found its ball.";

    /// <summary>The model of that id, else the first one that can be used, else the first one, which says why it cannot; null where there is none.</summary>
    public static ModelEntry? Entry(IReadOnlyList<ModelEntry> entries, string? id) =>
        entries.FirstOrDefault(entry => entry.Id == id)
        ?? entries.FirstOrDefault(entry => entry.State != ModelState.Failed)
        ?? (entries is [var first, ..] ? first : null);

    /// <summary>The settings that a model recommends; the playground's own where it says nothing or is not known yet.</summary>
    /// <param name="card">The model's card, or null before it is known.</param>
    /// <param name="version">
    /// Which version of the defaults counts, see <see cref="RunSettings.Defaults"/>: 1 was neutral, 2 has a temperature and top-p; the newest for null.
    /// </param>
    /// <param name="isMasked">Whether the model fills gaps: its distribution over a gap is what is looked at, and stays whole.</param>
    public static SamplingOptions Sampling(ModelCard? card, int? version = null, bool isMasked = false)
    {
        var recommended = card?.Defaults ?? new GenerationDefaults();
        if (recommended == new GenerationDefaults())
            return version == 1 || isMasked ? new SamplingOptions() : Usual;
        var options = new SamplingOptions();
        foreach (var parameter in SamplingStages.Parameters)
        {
            if (Find(recommended, parameter.Name) is { } value)
                options = options.With(parameter, parameter.Clamp(value));
        }

        return options;
    }

    /// <summary>The prompt that a new page shows.</summary>
    /// <param name="card">The model's card, or null before it is known.</param>
    /// <param name="maskToken">How a masked model writes a gap; null for models of other kinds.</param>
    /// <param name="answers">Whether the prompt is a message that the model answers.</param>
    public static string Prompt(ModelCard? card, string? maskToken = null, bool answers = false) =>
        card is { ExamplePrompts: [var first, ..] } ? first
        : maskToken is not null ? $"The {maskToken} sat on the {maskToken}."
        : answers ? FallbackQuestion : FallbackPrompt;

    /// <summary>The source text that a new page shows: an encoder-decoder's examples are sources, and its own text begins empty.</summary>
    public static string Source(ModelCard? card) => card is { ExamplePrompts: [var first, ..] } ? first : FallbackSource;

    private static double? Find(GenerationDefaults defaults, string name) => name switch
    {
        "temperature" when defaults.DoSample is false => 0,
        "temperature" => defaults.Temperature,
        "top_k" => defaults.TopK,
        "top_p" => defaults.TopP,
        "min_p" => defaults.MinP,
        "repetition_penalty" => defaults.RepetitionPenalty,
        _ => null,
    };
}
