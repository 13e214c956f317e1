using System.Collections.Immutable;

namespace LmPlayground.Sharing.Document;

/// <summary>The tokens of a run as columns: each list has one entry for each token, unless it says otherwise.</summary>
public sealed record DemoSteps
{
    /// <summary>The tokens' places in the sequence; of a masked text, in the text.</summary>
    public required ImmutableArray<int> Positions { get; init; }

    /// <summary>The tokens' ids.</summary>
    public required ImmutableArray<int> Ids { get; init; }

    /// <summary>The text that each token completes.</summary>
    public required ImmutableArray<string> Texts { get; init; }

    /// <summary>The text that each token released for good, where a stop string was waited for; null where it is what the token completes.</summary>
    public ImmutableArray<string>? Released { get; init; }

    /// <summary>The tokens' logits, exactly.</summary>
    public required ImmutableArray<float> Logits { get; init; }

    /// <summary>The greatest logit of each step, exactly.</summary>
    public required ImmutableArray<float> TopLogits { get; init; }

    /// <summary>The tokens' places among all tokens by logit, from 1.</summary>
    public required ImmutableArray<int> Ranks { get; init; }

    /// <summary>-log2 of the tokens' probabilities under the model, exactly: probability and log-sum follow from them.</summary>
    public required ImmutableArray<double> Surprisals { get; init; }

    /// <summary>The entropy of each step's distribution under the model in bits, exactly.</summary>
    public required ImmutableArray<double> Entropies { get; init; }

    /// <summary>The random number of each draw, exactly.</summary>
    public required ImmutableArray<double> DrawnAt { get; init; }

    /// <summary>The cumulative probability of the tokens before the drawn one, exactly.</summary>
    public required ImmutableArray<double> DrawnLow { get; init; }

    /// <summary>The same with the drawn one.</summary>
    public required ImmutableArray<double> DrawnHigh { get; init; }

    /// <summary>The tokens that the draws gave; null where they are the tokens themselves.</summary>
    public ImmutableArray<int>? DrawnIds { get; init; }

    /// <summary>Which tokens were given, not drawn; null where all were drawn.</summary>
    public ImmutableArray<bool>? Forced { get; init; }

    /// <summary>What an adaptive stage remembered before each token; null without such a stage.</summary>
    public ImmutableArray<double?>? StatesBefore { get; init; }

    /// <summary>The same after each token.</summary>
    public ImmutableArray<double?>? StatesAfter { get; init; }

    /// <summary>The names of the stages that ran: stages are places in this list.</summary>
    public required ImmutableArray<string> StageNames { get; init; }

    /// <summary>What each stage did.</summary>
    public required DemoStages Stages { get; init; }

    /// <summary>The alternatives of each token.</summary>
    public required DemoCandidates Candidates { get; init; }

    /// <summary>All tokens that are not listed.</summary>
    public required DemoOthers Others { get; init; }

    /// <summary>What is known of their logits; null where it was left out, and other settings cannot be tried.</summary>
    public DemoTail? Tail { get; init; }

    /// <summary>How many tokens there are.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int Count => Ids.Length;
}

/// <summary>What the stages did: step by step, and within a step in their order.</summary>
public sealed record DemoStages
{
    /// <summary>How many stages ran at each step; the other lists have an entry for each of these.</summary>
    public required ImmutableArray<int> Counts { get; init; }

    /// <summary>Which stage: a place in <see cref="DemoSteps.StageNames"/>.</summary>
    public required ImmutableArray<int> Stages { get; init; }

    /// <summary>The value of its main parameter.</summary>
    public required ImmutableArray<double?> Values { get; init; }

    /// <summary>How many tokens were left after it.</summary>
    public required ImmutableArray<int> Kept { get; init; }

    /// <summary>The probability, before it, of the tokens that it removed, to six digits.</summary>
    public required ImmutableArray<double> RemovedMass { get; init; }

    /// <summary>The entropy in bits of what it left, to six digits.</summary>
    public required ImmutableArray<double> EntropyAfter { get; init; }

    /// <summary>How many logits it changed without removing their token.</summary>
    public required ImmutableArray<int> Moved { get; init; }

    /// <summary>Why it did nothing; "none" where it did something.</summary>
    public required ImmutableArray<Sampling.Tracing.InertKind> Inert { get; init; }

    /// <summary>The stage that kept it from it, or -1.</summary>
    public required ImmutableArray<int> InertStages { get; init; }

    /// <summary>How many tokens it was given, where it did nothing; else 0.</summary>
    public required ImmutableArray<int> InertCounts { get; init; }
}

/// <summary>
/// The alternatives of the tokens: step by step, and within a step by logit, the chosen token as the last if its rank is too low.
/// </summary>
/// <remarks>
/// A logit is the step's greatest one less the sum of the <see cref="Gaps"/> up to it, in units of 1/2048: within 1/4096 of the model's own. The
/// probability under the model follows from it with the step's log-sum (logit + surprisal * ln 2 of the chosen token).
/// </remarks>
public sealed record DemoCandidates
{
    /// <summary>How many each step lists; the other lists have an entry for each of these.</summary>
    public required ImmutableArray<int> Counts { get; init; }

    /// <summary>Which token: a place in <see cref="DemoModel.TokenIds"/>.</summary>
    public required ImmutableArray<int> Tokens { get; init; }

    /// <summary>How far its logit is below that of the candidate before it, in units of 1/2048.</summary>
    public required ImmutableArray<int> Gaps { get; init; }

    /// <summary>Its probability after the sampler, to six digits; 0 where it was removed.</summary>
    public required ImmutableArray<double> Sampled { get; init; }

    /// <summary>The stage that removed it, a place in <see cref="DemoSteps.StageNames"/>, or -1.</summary>
    public required ImmutableArray<int> RemovedBy { get; init; }
}

/// <summary>The tokens that a step does not list, together.</summary>
public sealed record DemoOthers
{
    /// <summary>Their mass under the model, to six digits.</summary>
    public required ImmutableArray<double> Probabilities { get; init; }

    /// <summary>Their mass after the sampler, to six digits.</summary>
    public required ImmutableArray<double> Sampled { get; init; }

    /// <summary>How many of them are left after the sampler.</summary>
    public required ImmutableArray<int> Kept { get; init; }

    /// <summary>The stage that removed most of them, a place in <see cref="DemoSteps.StageNames"/>, or -1.</summary>
    public required ImmutableArray<int> RemovedBy { get; init; }
}

/// <summary>
/// The logits of the tokens that a step does not list, as a histogram: how many lie how far below the last one that is listed in order, in bins
/// whose borders <c>DemoLogits</c> gives.
/// </summary>
public sealed record DemoTail
{
    /// <summary>How many bins each step has, empty ones at the end left out; <see cref="Bins"/> and <see cref="Means"/> have an entry for each of these.</summary>
    public required ImmutableArray<int> Counts { get; init; }

    /// <summary>How many tokens a bin holds.</summary>
    public required ImmutableArray<int> Bins { get; init; }

    /// <summary>Where the mean of a bin's probabilities lies between its borders, in 255ths.</summary>
    public required ImmutableArray<int> Means { get; init; }

    /// <summary>How far the least logit is below the greatest one, in units of 1/2048.</summary>
    public required ImmutableArray<int> Depths { get; init; }

    /// <summary>How many tokens the model itself rules out (logit -infinity).</summary>
    public required ImmutableArray<int> RuledOut { get; init; }
}
