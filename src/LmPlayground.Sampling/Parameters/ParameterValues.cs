using System.Collections.Immutable;

namespace LmPlayground.Sampling.Parameters;

/// <summary>The values of parameters; those that were never set have their default. Immutable; equal values are equal.</summary>
public sealed class ParameterValues : IEquatable<ParameterValues>
{
    /// <summary>Every parameter has its default.</summary>
    public static readonly ParameterValues Defaults = new(ImmutableSortedDictionary.Create<string, object>(StringComparer.Ordinal));

    // Never a default: equal settings are equal dictionaries.
    private readonly ImmutableSortedDictionary<string, object> _values;

    private ParameterValues(ImmutableSortedDictionary<string, object> values) => _values = values;

    /// <summary>The names of the parameters that do not have their default.</summary>
    public IEnumerable<string> Names => _values.Keys;

    /// <summary>Whether a parameter does not have its default.</summary>
    public bool Has(Parameter parameter) => _values.ContainsKey(parameter.Name);

    /// <summary>The value of a parameter.</summary>
    public T Get<T>(Parameter<T> parameter)
        where T : notnull =>
        _values.TryGetValue(parameter.Name, out var value) ? (T)value : parameter.Default;

    /// <summary>These values with another one for a parameter.</summary>
    /// <exception cref="SettingException">The parameter does not take the value; the message names it and says what it takes.</exception>
    public ParameterValues With<T>(Parameter<T> parameter, T value)
        where T : notnull
    {
        if (parameter.Problem(value) is { } problem)
            throw new SettingException("parameter.value", $"{problem}.");
        return new(value.Equals(parameter.Default) ? _values.Remove(parameter.Name) : _values.SetItem(parameter.Name, value));
    }

    /// <inheritdoc/>
    public bool Equals(ParameterValues? other) => other is not null && _values.SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ParameterValues);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var pair in _values)
            hash.Add(pair);
        return hash.ToHashCode();
    }
}
