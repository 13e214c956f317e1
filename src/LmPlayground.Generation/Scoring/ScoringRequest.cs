using LmPlayground.Models;

namespace LmPlayground.Generation.Scoring;

/// <summary>A text that a model is to be asked about: how probable does it find it?</summary>
public sealed record ScoringRequest
{
    /// <summary>The model.</summary>
    public required ILanguageModel Model { get; init; }

    /// <summary>What stands before the text; may be empty where the model has a token to begin a text with.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>What is scored: at least one character.</summary>
    public required string Continuation { get; init; }
}
