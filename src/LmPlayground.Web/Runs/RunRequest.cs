using LmPlayground.Generation.Branching;
using LmPlayground.Generation.Masking;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Web.Runs;

/// <summary>What a run does with its text.</summary>
public enum RunTask
{
    /// <summary>Goes on from it.</summary>
    Continue,

    /// <summary>Fills its masks.</summary>
    Fill,

    /// <summary>Hides each of its tokens in turn and asks for it.</summary>
    Score,
}

/// <summary>What a page asks for: as typed, before the model is there and the prompt is tokens. Equal requests are equal records.</summary>
public sealed record RunRequest
{
    /// <summary>The model's id in the catalogue.</summary>
    public required string ModelId { get; init; }

    /// <summary>The prompt's text.</summary>
    public required string Prompt { get; init; }

    /// <summary>The text that an encoder-decoder writes from; null for models of other kinds.</summary>
    public string? Source { get; init; }

    /// <summary>What is to be done; a masked model fills or scores, all others continue the prompt.</summary>
    public RunTask Task { get; init; }

    /// <summary>In which order masks are filled.</summary>
    public FillOrder FillOrder { get; init; }

    /// <summary>Whether the prompt is a user's message to a model with a chat template; null is what the model is made for.</summary>
    public bool? Chat { get; init; }

    /// <summary>What such a message follows: the system prompt, or null.</summary>
    public string? System { get; init; }

    /// <summary>The strategy.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>How a text is looked for beyond one sample.</summary>
    public SearchStrategy Search { get; init; } = new();

    /// <summary>When to stop.</summary>
    public StoppingOptions Stopping { get; init; } = new();

    /// <summary>The seed, or null to draw one.</summary>
    public ulong? Seed { get; init; }
}
