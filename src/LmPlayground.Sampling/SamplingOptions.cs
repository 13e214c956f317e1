using System.Collections.Immutable;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Sampling;

/// <summary>The settings of one strategy: the order of the stages and the value of every parameter. Equal settings are equal records.</summary>
/// <remarks>Immutable. Parameters that were never set have their neutral value, so a new instance samples from the model's own distribution.</remarks>
public sealed record SamplingOptions
{
    private ImmutableSortedDictionary<string, double> _values = ImmutableSortedDictionary<string, double>.Empty;

    private ImmutableSortedDictionary<string, TextList> _texts = ImmutableSortedDictionary<string, TextList>.Empty;

    /// <summary>The stages in the order they run. A stage that is missing here does not run.</summary>
    public StageOrder Order { get; init; } = StageOrder.Transformers;

    /// <summary>Divides the logits; 0 is greedy decoding.</summary>
    public double Temperature => this[TemperatureStage.Temperature];

    /// <summary>How many of the most probable tokens stay; 0 is off.</summary>
    public int TopK => (int)this[TopKStage.K];

    /// <summary>The probability mass that the most probable tokens must reach; 1 is off.</summary>
    public double TopP => this[TopPStage.P];

    /// <summary>The parameters that are not neutral, by name.</summary>
    public IReadOnlyDictionary<string, double> Values => _values;

    /// <summary>The lists of texts that are not the default ones, by name.</summary>
    public IReadOnlyDictionary<string, TextList> Texts => _texts;

    /// <summary>The value of a parameter.</summary>
    public double this[StageParameter parameter] => _values.GetValueOrDefault(parameter.Name, parameter.Default);

    /// <summary>A list of texts.</summary>
    public TextList this[StageTexts texts] => _texts.GetValueOrDefault(texts.Name, texts.Default);

    /// <summary>These settings with one parameter changed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the parameter's range; the message names both.</exception>
    public SamplingOptions With(StageParameter parameter, double value)
    {
        if (!parameter.Accepts(value))
            ThrowOutOfRange(parameter, value);
        var changed = this with { };
        changed._values = value == parameter.Default ? _values.Remove(parameter.Name) : _values.SetItem(parameter.Name, value);
        return changed;
    }

    /// <summary>These settings with one list of texts changed.</summary>
    /// <exception cref="ArgumentException">An entry is empty or cannot be read; the message names the list and the entry.</exception>
    public SamplingOptions With(StageTexts texts, TextList entries)
    {
        foreach (var entry in entries)
        {
            if (texts.Problem(entry) is { } problem)
                throw new ArgumentException($"{texts.Name}: {problem}.", nameof(entries));
        }

        var changed = this with { };
        changed._texts = entries.Equals(texts.Default) ? _texts.Remove(texts.Name) : _texts.SetItem(texts.Name, entries);
        return changed;
    }

    /// <inheritdoc/>
    public bool Equals(SamplingOptions? other) =>
        other is not null && Order.Equals(other.Order) && _values.SequenceEqual(other._values)
        && _texts.SequenceEqual(other._texts);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Order);
        foreach (var pair in _values)
            hash.Add(pair);
        foreach (var pair in _texts)
            hash.Add(pair);
        return hash.ToHashCode();
    }

    private static void ThrowOutOfRange(StageParameter parameter, double value) =>
        throw new ArgumentOutOfRangeException(
            nameof(value), value,
            FormattableString.Invariant(
                $"{parameter.Name} must be {(parameter.IsInteger ? "a whole number " : "")}from {parameter.Minimum} to {parameter.Maximum}."));
}
