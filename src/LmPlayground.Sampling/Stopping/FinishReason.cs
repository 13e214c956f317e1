namespace LmPlayground.Sampling.Stopping;

/// <summary>Why a run ended.</summary>
public enum FinishReason
{
    /// <summary>The model gave one of its end-of-sequence tokens.</summary>
    EndOfSequence,

    /// <summary>A token id that the user named.</summary>
    StopToken,

    /// <summary>A string that the user named.</summary>
    StopString,

    /// <summary>As many new tokens as were asked for.</summary>
    Length,

    /// <summary>The model's context has no room for another token.</summary>
    ContextFull,

    /// <summary>The user stopped it.</summary>
    Cancelled,

    /// <summary>The end of the output is one pattern of tokens several times in a row.</summary>
    Repetition,

    /// <summary>Several tokens in a row had a low probability under the model.</summary>
    LowProbability,

    /// <summary>At several tokens in a row the model's distribution had a high entropy.</summary>
    HighEntropy,

    /// <summary>The time budget is used up.</summary>
    TimeLimit,
}
