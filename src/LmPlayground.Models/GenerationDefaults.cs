namespace LmPlayground.Models;

/// <summary>Sampling settings in a model's <c>generation_config.json</c>; null where it says nothing.</summary>
public sealed record GenerationDefaults
{
    /// <summary>False recommends greedy decoding.</summary>
    public bool? DoSample { get; init; }

    /// <summary>Temperature.</summary>
    public double? Temperature { get; init; }

    /// <summary>Top-k.</summary>
    public int? TopK { get; init; }

    /// <summary>Top-p.</summary>
    public double? TopP { get; init; }

    /// <summary>Min-p.</summary>
    public double? MinP { get; init; }

    /// <summary>Repetition penalty.</summary>
    public double? RepetitionPenalty { get; init; }
}
