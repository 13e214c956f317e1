namespace LmPlayground.Sampling.Stopping;

/// <summary>Why a run ended. The reason of a criterion is declared with its <see cref="StoppingRule"/>; here it has a short name.</summary>
/// <param name="Name">Its name in JSON: "stop_string".</param>
/// <param name="Label">Its name for people, after "stopped:".</param>
public sealed record FinishReason(string Name, string Label)
{
    /// <summary>The user stopped it: the one reason that no criterion gives.</summary>
    public static readonly FinishReason Cancelled = new("cancelled", "by you");

    /// <summary>The model gave one of its end-of-sequence tokens.</summary>
    public static FinishReason EndOfSequence => EndOfSequenceRule.Ended;

    /// <summary>A token id that the user named.</summary>
    public static FinishReason StopToken => StopTokenRule.Ended;

    /// <summary>A string that the user named.</summary>
    public static FinishReason StopString => StopStringRule.Ended;

    /// <summary>As many new tokens as were asked for.</summary>
    public static FinishReason Length => LengthRule.Ended;

    /// <summary>The model's context has no room for another token.</summary>
    public static FinishReason ContextFull => ContextRule.Ended;

    /// <summary>The end of the output is one pattern of tokens several times in a row.</summary>
    public static FinishReason Repetition => RepetitionRule.Ended;

    /// <summary>Several tokens in a row had a low probability under the model.</summary>
    public static FinishReason LowProbability => LowProbabilityRule.Ended;

    /// <summary>At several tokens in a row the model's distribution had a high entropy.</summary>
    public static FinishReason HighEntropy => HighEntropyRule.Ended;

    /// <summary>The time budget is used up.</summary>
    public static FinishReason TimeLimit => TimeRule.Ended;

    /// <summary>Every reason there is.</summary>
    public static IEnumerable<FinishReason> All => StoppingRules.All.Select(rule => rule.Reason).Append(Cancelled);

    /// <summary>The reason of that name, or null.</summary>
    public static FinishReason? Find(string name) => All.FirstOrDefault(reason => reason.Name == name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
