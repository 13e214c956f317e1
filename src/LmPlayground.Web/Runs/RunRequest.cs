using LmPlayground.Generation.Branching;
using LmPlayground.Sampling;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Web.Runs;

/// <summary>What a page asks for: as typed, before the model is there and the prompt is tokens. Equal requests are equal records.</summary>
public sealed record RunRequest
{
    /// <summary>The model's id in the catalogue.</summary>
    public required string ModelId { get; init; }

    /// <summary>The prompt's text.</summary>
    public required string Prompt { get; init; }

    /// <summary>The strategy.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>How a text is looked for beyond one sample.</summary>
    public SearchStrategy Search { get; init; } = new();

    /// <summary>When to stop.</summary>
    public StoppingOptions Stopping { get; init; } = new();

    /// <summary>The seed, or null to draw one.</summary>
    public ulong? Seed { get; init; }
}
