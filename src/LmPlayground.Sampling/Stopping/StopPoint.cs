namespace LmPlayground.Sampling.Stopping;

/// <summary>Why and where a run ended. Immutable.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Position">The place of the last token in the sequence, counted from 0 at the first token of the prompt.</param>
public sealed record StopPoint(FinishReason Reason, int Position)
{
    /// <summary>
    /// Where the text was cut, in UTF-16 code units from the beginning of the output, that of a run which was continued included: the cut may lie
    /// in that one. Null where no stop string was found. It is there too if
    /// the token that completed the stop string ended the run for an earlier reason, since the text is cut all the same.
    /// </summary>
    public int? TextOffset { get; init; }

    /// <summary>The stop string that cut the text, or null.</summary>
    public string? StopString { get; init; }

    /// <summary>How many tokens the repeated pattern has; null for other reasons.</summary>
    public int? PatternSize { get; init; }

    /// <summary>How many times in a row the pattern was there, or how many tokens in a row were unsure; null for other reasons.</summary>
    public int? Count { get; init; }
}
