using System.Collections.Immutable;

namespace LmPlayground.Sampling.Stages;

/// <summary>The names of the stages in the order they run: data, not code. Equal lists are equal orders.</summary>
/// <remarks>Temperature before or after truncation is the largest difference between transformers and llama.cpp.</remarks>
public sealed class StageOrder : IEquatable<StageOrder>
{
    /// <summary>Hugging Face transformers: temperature, then truncation.</summary>
    public static readonly StageOrder Transformers = new(TemperatureStage.StageName, TopKStage.StageName, TopPStage.StageName);

    /// <summary>llama.cpp: truncation, then temperature.</summary>
    public static readonly StageOrder LlamaCpp = new(TopKStage.StageName, TopPStage.StageName, TemperatureStage.StageName);

    /// <summary>vLLM: temperature, then truncation.</summary>
    public static readonly StageOrder Vllm = new(TemperatureStage.StageName, TopKStage.StageName, TopPStage.StageName);

    /// <summary>An order of these stages.</summary>
    /// <exception cref="ArgumentException">A stage that is not known, or one that is named twice.</exception>
    public StageOrder(params ReadOnlySpan<string> stages)
    {
        foreach (var stage in stages)
        {
            if (stages.Count(stage) > 1)
                throw new ArgumentException($"The stage '{stage}' is in the order twice.", nameof(stages));
        }

        Stages = [.. stages];
    }

    /// <summary>The stages' names.</summary>
    public ImmutableArray<string> Stages { get; }

    /// <inheritdoc/>
    public bool Equals(StageOrder? other) => other is not null && Stages.AsSpan().SequenceEqual(other.Stages.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as StageOrder);

    /// <inheritdoc/>
    public override int GetHashCode() => Stages.Aggregate(17, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => string.Join(',', Stages);
}
