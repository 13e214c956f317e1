using System.Collections.Immutable;
using System.Globalization;

namespace LmPlayground.Sampling.Stopping;

/// <summary>When a run ends. Equal settings are equal records.</summary>
public sealed record StoppingOptions
{
    /// <summary>The most tokens a run generates: 1 or more. OpenAI calls it max_tokens.</summary>
    public int MaxNewTokens { get; init; } = 128;

    /// <summary>Whether the model's end-of-sequence tokens end the run.</summary>
    public bool StopAtEndOfSequence { get; init; } = true;

    /// <summary>Strings that end the run; the text is cut before them. Empty strings are ignored.</summary>
    public ImmutableArray<string> StopStrings { get; init; } = [];

    /// <summary>Whether the text is cut after the stop string rather than before it. vLLM calls it include_stop_str_in_output.</summary>
    public bool IncludeStopString { get; init; }

    /// <summary>Token ids that end the run.</summary>
    public ImmutableArray<int> StopTokenIds { get; init; } = [];

    /// <summary>
    /// Seconds after which the run ends with the token it is at, reading the prompt included; 0 is no limit. A run that is continued begins
    /// anew. Not reproducible: how many tokens fit depends on the machine and on what else it does. transformers calls it max_time.
    /// </summary>
    public double MaxTime { get; init; }

    /// <summary>The most tokens of a pattern that is looked for at the end of the output (the prompt is none of it): 1 to 1,024; 0 is off.</summary>
    public int RepetitionMaxPatternSize { get; init; }

    /// <summary>How many times in a row such a pattern ends the run: 2 or more.</summary>
    public int RepetitionMinCount { get; init; } = 3;

    /// <summary>
    /// The run ends after <see cref="StopBelowProbabilityTokens"/> tokens in a row whose probability is below this: 0 to 1; 0 is off. The
    /// probability is the model's own, at temperature 1 and before any stage: what a stage leaves says nothing of what the model knows.
    /// </summary>
    public double StopBelowProbability { get; init; }

    /// <summary>How many tokens in a row: 1 or more.</summary>
    public int StopBelowProbabilityTokens { get; init; } = 3;

    /// <summary>
    /// The run ends after <see cref="StopAboveEntropyTokens"/> tokens in a row at which the model's own distribution had more than this
    /// entropy, in bits: 0 to 32; 0 is off.
    /// </summary>
    public double StopAboveEntropy { get; init; }

    /// <summary>How many tokens in a row: 1 or more.</summary>
    public int StopAboveEntropyTokens { get; init; } = 3;

    /// <summary>Checks the ranges of the declared numbers.</summary>
    /// <exception cref="ArgumentException">One is out of range or NaN; the message names it and its range.</exception>
    public void Validate()
    {
        foreach (var parameter in StoppingParameter.All)
        {
            if (!parameter.Number.Accepts(parameter.Get(this)))
                Throw(parameter);
        }
    }

    /// <inheritdoc/>
    public bool Equals(StoppingOptions? other) =>
        other is not null && MaxNewTokens == other.MaxNewTokens && StopAtEndOfSequence == other.StopAtEndOfSequence
        && IncludeStopString == other.IncludeStopString
        && StopStrings.AsSpan().SequenceEqual(other.StopStrings.AsSpan())
        && StopTokenIds.AsSpan().SequenceEqual(other.StopTokenIds.AsSpan())
        && StoppingParameter.All.All(parameter => parameter.Get(this).Equals(parameter.Get(other)));

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(MaxNewTokens, StopAtEndOfSequence, IncludeStopString, StopStrings.Length, StopTokenIds.Length, MaxTime, RepetitionMaxPatternSize);

    private void Throw(StoppingParameter parameter)
    {
        var number = parameter.Number;
        var kind = number.IsInteger ? "a whole number" : "a number";
        throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
            $"{number.Name} must be {kind} from {number.Minimum:#,0} to {number.Maximum:#,0}, not {parameter.Get(this)}."));
    }
}
