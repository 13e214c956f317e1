using System.Collections.Immutable;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stopping;

/// <summary>
/// When a run ends: a value for every parameter of the <see cref="StoppingRules"/>. Equal settings are equal records. The properties are
/// short names of parameters, whose declarations have the ranges.
/// </summary>
/// <remarks>Immutable. Setting a value that its parameter does not take throws a <see cref="SettingException"/> that names it and its range.</remarks>
public sealed record StoppingOptions
{
    private ParameterValues _values = ParameterValues.Defaults;

    /// <summary>The most tokens a run generates.</summary>
    public int MaxNewTokens { get => (int)this[LengthRule.MaxNewTokens]; init => Set(LengthRule.MaxNewTokens, value); }

    /// <summary>Whether the model's end-of-sequence tokens end the run.</summary>
    public bool StopAtEndOfSequence { get => !this[EndOfSequenceRule.Ignore]; init => Set(EndOfSequenceRule.Ignore, !value); }

    /// <summary>Strings that end the run; the text is cut before them. Empty ones are ignored.</summary>
    public ImmutableArray<string> StopStrings { get => this[StopStringRule.Strings].Items; init => Set(StopStringRule.Strings, [.. value.Where(text => text.Length > 0)]); }

    /// <summary>Whether the text is cut after the stop string rather than before it.</summary>
    public bool IncludeStopString { get => this[StopStringRule.Include]; init => Set(StopStringRule.Include, value); }

    /// <summary>Token ids that end the run.</summary>
    public ImmutableArray<int> StopTokenIds { get => this[StopTokenRule.Ids].Items; init => Set(StopTokenRule.Ids, [.. value]); }

    /// <summary>
    /// Seconds after which the run ends with the token it is at, reading the prompt included; 0 is no limit. A run that is continued begins
    /// anew. Not reproducible: how many tokens fit depends on the machine and on what else it does.
    /// </summary>
    public double MaxTime { get => this[TimeRule.MaxTime]; init => Set(TimeRule.MaxTime, value); }

    /// <summary>The most tokens of a pattern that is looked for at the end of the output (the prompt is none of it); 0 is off.</summary>
    public int RepetitionMaxPatternSize { get => (int)this[RepetitionRule.MaxPatternSize]; init => Set(RepetitionRule.MaxPatternSize, value); }

    /// <summary>How many times in a row such a pattern ends the run.</summary>
    public int RepetitionMinCount { get => (int)this[RepetitionRule.MinCount]; init => Set(RepetitionRule.MinCount, value); }

    /// <summary>
    /// The run ends after <see cref="StopBelowProbabilityTokens"/> tokens in a row whose probability is below this; 0 is off. The
    /// probability is the model's own, at temperature 1 and before any stage: what a stage leaves says nothing of what the model knows.
    /// </summary>
    public double StopBelowProbability { get => this[LowProbabilityRule.Probability]; init => Set(LowProbabilityRule.Probability, value); }

    /// <summary>How many tokens in a row.</summary>
    public int StopBelowProbabilityTokens { get => (int)this[LowProbabilityRule.Tokens]; init => Set(LowProbabilityRule.Tokens, value); }

    /// <summary>
    /// The run ends after <see cref="StopAboveEntropyTokens"/> tokens in a row at which the model's own distribution had more than this
    /// entropy, in bits; 0 is off.
    /// </summary>
    public double StopAboveEntropy { get => this[HighEntropyRule.Entropy]; init => Set(HighEntropyRule.Entropy, value); }

    /// <summary>How many tokens in a row.</summary>
    public int StopAboveEntropyTokens { get => (int)this[HighEntropyRule.Tokens]; init => Set(HighEntropyRule.Tokens, value); }

    /// <summary>The value of a parameter.</summary>
    public double this[NumberParameter parameter] => _values.Get(parameter);

    /// <summary>Whether a switch is on.</summary>
    public bool this[SwitchParameter parameter] => _values.Get(parameter);

    /// <summary>A list of texts.</summary>
    public ValueList<string> this[TextListParameter parameter] => _values.Get(parameter);

    /// <summary>A list of token ids.</summary>
    public ValueList<int> this[TokenIdListParameter parameter] => _values.Get(parameter);

    /// <summary>Whether a parameter has another value than its default.</summary>
    public bool Has(Parameter parameter) => _values.Has(parameter);

    /// <summary>These settings with another value for a parameter.</summary>
    /// <exception cref="SettingException">The parameter does not take the value; the message names it and its range.</exception>
    public StoppingOptions With<T>(Parameter<T> parameter, T value)
        where T : notnull
    {
        var changed = this with { };
        changed.Set(parameter, value);
        return changed;
    }

    private void Set<T>(Parameter<T> parameter, T value)
        where T : notnull =>
        _values = _values.With(parameter, value);
}
