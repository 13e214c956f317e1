using System.Collections.Immutable;

namespace LmPlayground.Sharing.Document;

/// <summary>The sequences of a search after its last step.</summary>
public sealed record DemoSearch
{
    /// <summary>Those that were given up in the last step.</summary>
    public required ImmutableArray<DemoBeam> Live { get; init; }

    /// <summary>The finished ones, best first.</summary>
    public required ImmutableArray<DemoBeam> Finished { get; init; }

    /// <summary>The result, best first: the first one is the run's text. Empty where the search was cancelled.</summary>
    public required ImmutableArray<DemoBeam> Returned { get; init; }
}

/// <summary>One sequence of a search.</summary>
public sealed record DemoBeam
{
    /// <summary>The generated token ids.</summary>
    public required ImmutableArray<int> Ids { get; init; }

    /// <summary>Their text.</summary>
    public required string Text { get; init; }

    /// <summary>For each of <see cref="Ids"/>, ln of its probability under the model, to six digits.</summary>
    public required ImmutableArray<double> LogProbabilities { get; init; }

    /// <summary>What the search ranks live sequences by.</summary>
    public required double Sum { get; init; }

    /// <summary>What finished sequences are ranked by.</summary>
    public required double Score { get; init; }

    /// <summary>The beam group, or the number of the sample, from 0.</summary>
    public required int Group { get; init; }

    /// <summary>Why it ended; null for one that was given up.</summary>
    public string? FinishReason { get; init; }
}

/// <summary>A text as a masked model reads it.</summary>
public sealed record DemoMaskedText
{
    /// <summary>The text as it was written.</summary>
    public required string Text { get; init; }

    /// <summary>Its tokens, with those that the tokenizer puts around it.</summary>
    public required ImmutableArray<int> Ids { get; init; }

    /// <summary>Where each token begins in the text, in UTF-16 code units.</summary>
    public required ImmutableArray<int> Starts { get; init; }

    /// <summary>How long each token is there.</summary>
    public required ImmutableArray<int> Lengths { get; init; }

    /// <summary>Which tokens are masks, ascending.</summary>
    public required ImmutableArray<int> Masks { get; init; }

    /// <summary>What was done with it: "fill", "predict" or "score".</summary>
    public required DemoMaskedTask Task { get; init; }

    /// <summary>Whether it ended before its last step.</summary>
    public required bool IsCancelled { get; init; }

    /// <summary>The sum of the steps' surprisal in bits.</summary>
    public required double Bits { get; init; }

    /// <summary>The same for each character of the text.</summary>
    public required double BitsPerCharacter { get; init; }
}

/// <summary>What was done with a masked text.</summary>
public enum DemoMaskedTask
{
    /// <summary>Its masks were filled one after the other.</summary>
    Fill,

    /// <summary>Every mask was drawn from one look at the text.</summary>
    Predict,

    /// <summary>Every token was hidden in turn and asked for.</summary>
    Score,
}
