using System.Collections.Immutable;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>The names of the stages in the order they run: data, not code. Equal lists are equal orders.</summary>
/// <remarks>
/// Temperature before or after truncation is the largest difference between transformers and llama.cpp. A preset lists what that
/// library runs; <see cref="Including"/> adds another stage to it.
/// </remarks>
public sealed class StageOrder : IEquatable<StageOrder>
{
    /// <summary>Hugging Face transformers: temperature, then truncation.</summary>
    public static readonly StageOrder Transformers = new(
        LogitBiasStage.StageName,
        RepetitionPenaltyStage.StageName, PresencePenaltyStage.StageName, FrequencyPenaltyStage.StageName,
        NoRepeatNGramStage.StageName, BadWordsStage.StageName, AllowedWordsStage.StageName, MinNewTokensStage.StageName,
        TemperatureStage.StageName,
        TopKStage.StageName, TopPStage.StageName, MinPStage.StageName, TypicalPStage.StageName,
        EpsilonCutoffStage.StageName, EtaCutoffStage.StageName);

    /// <summary>llama.cpp: truncation, then temperature.</summary>
    public static readonly StageOrder LlamaCpp = new(
        LogitBiasStage.StageName,
        RepetitionPenaltyStage.StageName, PresencePenaltyStage.StageName, FrequencyPenaltyStage.StageName, DryStage.StageName,
        TopNSigmaStage.StageName, TopKStage.StageName, TypicalPStage.StageName, TopPStage.StageName, MinPStage.StageName,
        XtcStage.StageName, TemperatureStage.StageName);

    /// <summary>vLLM: temperature, then truncation that begins with min-p.</summary>
    public static readonly StageOrder Vllm = new(
        BadWordsStage.StageName, AllowedWordsStage.StageName, MinNewTokensStage.StageName,
        LogitBiasStage.StageName,
        RepetitionPenaltyStage.StageName, PresencePenaltyStage.StageName, FrequencyPenaltyStage.StageName,
        TemperatureStage.StageName,
        MinPStage.StageName, TopKStage.StageName, TopPStage.StageName);

    /// <summary>An order of these stages.</summary>
    /// <exception cref="SettingException">A stage that is named twice.</exception>
    public StageOrder(params ReadOnlySpan<string> stages)
    {
        foreach (var stage in stages)
        {
            if (stages.Count(stage) > 1)
                throw new SettingException("order.twice", $"The stage '{stage}' is in the order twice.");
        }

        Stages = [.. stages];
    }

    /// <summary>The stages' names.</summary>
    public ImmutableArray<string> Stages { get; }

    /// <summary>This order with a stage added, after those here that usually run before it; itself where it has the stage already.</summary>
    /// <exception cref="ArgumentException">There is no such stage.</exception>
    public StageOrder Including(string stage)
    {
        if (Stages.Contains(stage))
            return this;
        var names = SamplingStages.All.Select(known => known.Name).ToList();
        var place = names.IndexOf(stage);
        if (place < 0)
            throw new ArgumentException($"There is no stage '{stage}'.", nameof(stage));
        var at = Stages.Length;
        while (at > 0 && names.IndexOf(Stages[at - 1]) > place)
            at--;
        return new StageOrder([.. Stages[..at], stage, .. Stages[at..]]);
    }

    /// <summary>This order with <paramref name="stage"/> where <paramref name="other"/> stands, which makes room towards where the stage came from.</summary>
    /// <exception cref="ArgumentException">One of the two is not in the order.</exception>
    public StageOrder Moving(string stage, string other)
    {
        int from = Stages.IndexOf(stage), to = Stages.IndexOf(other);
        if (from < 0 || to < 0)
            throw new ArgumentException($"The stage '{(from < 0 ? stage : other)}' is not in the order.", from < 0 ? nameof(stage) : nameof(other));
        return new StageOrder([.. Stages.RemoveAt(from).Insert(to, stage)]);
    }

    /// <inheritdoc/>
    public bool Equals(StageOrder? other) => other is not null && Stages.AsSpan().SequenceEqual(other.Stages.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as StageOrder);

    /// <inheritdoc/>
    public override int GetHashCode() => Stages.Aggregate(17, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => string.Join(',', Stages);
}
