using System.Collections.Immutable;
using System.Globalization;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Generation.Comparison;

/// <summary>One strategy with one parameter at several values.</summary>
public sealed class Sweep
{
    /// <summary>A sweep over these values.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="values">Its values, in the order of the columns.</param>
    /// <exception cref="SettingException">Fewer than two values or too many, one that is there twice, or one that the parameter does not accept; the message names it.</exception>
    public Sweep(NumberParameter parameter, ImmutableArray<double> values)
    {
        if (values.Length is < ComparisonRequest.LeastColumns or > ComparisonRequest.MostColumns)
            throw new SettingException("sweep.count", $"A sweep has {ComparisonRequest.LeastColumns} to {ComparisonRequest.MostColumns} values, not {values.Length}.");
        for (var i = 0; i < values.Length; i++)
        {
            if (!parameter.Accepts(values[i]))
                throw new SettingException("sweep.value", $"{parameter.Name} does not take {Show(values[i])}: it is {parameter.Range}.");
            if (values.IndexOf(values[i]) != i)
                throw new SettingException("sweep.twice", $"{parameter.Name} has the value {Show(values[i])} twice.");
        }

        Parameter = parameter;
        Values = values;
    }

    /// <summary>The parameter.</summary>
    public NumberParameter Parameter { get; }

    /// <summary>Its values.</summary>
    public ImmutableArray<double> Values { get; }

    /// <summary>What each column is called: <c>temperature=0.2</c>.</summary>
    public IEnumerable<string> Names => Values.Select(value => $"{Parameter.Name}={Show(value)}");

    /// <summary>Reads <c>temperature=0.2,0.7,1</c> or <c>temperature=0.2:1.6:0.2</c> (from, to and step; both ends are included, and decimals stay exact).</summary>
    /// <exception cref="SettingException">It cannot be read; the message says what is wrong.</exception>
    public static Sweep Parse(string text)
    {
        var parts = text.Split('=', 2, StringSplitOptions.TrimEntries);
        if (parts.Length != 2)
            throw new SettingException("sweep.form", $"A sweep is NAME=FROM:TO:STEP or NAME=VALUE,VALUE, such as temperature=0.2:1.6:0.2, not '{text}'.");
        var parameter = SamplingStages.Parameters.FirstOrDefault(known => known.Name == parts[0]) ?? throw new SettingException(
            "sweep.parameter", $"There is no parameter '{parts[0]}'. Known are {string.Join(", ", SamplingStages.Parameters.Select(known => known.Name))}.");
        return new Sweep(parameter, parts[1].Contains(':') ? Steps(parts[1]) : [.. parts[1].Split(',').Select(part => (double)Number(part))]);
    }

    /// <summary>The request with each of the values.</summary>
    public ComparisonRequest Of(GenerationRequest request) => new()
    {
        Columns = [.. Of(request.Sampling).Select(sampling => request with { Sampling = sampling })],
    };

    /// <summary>The settings with each of the values. A stage that a value turns on and the order does not name is put where it usually runs.</summary>
    public ImmutableArray<SamplingOptions> Of(SamplingOptions options) => [.. Values.Select(value => With(options, value))];

    private SamplingOptions With(SamplingOptions options, double value)
    {
        var changed = options.With(Parameter, value);
        var stage = SamplingStages.All.First(one => one.Parameters.Contains(Parameter));
        return stage.IsOn(changed) ? changed with { Order = changed.Order.Including(stage.Name) } : changed;
    }

    /// <summary>From, to and step in decimal: 0.2 + 0.2 + 0.2 is 0.6, as it is for whoever wrote it.</summary>
    private static ImmutableArray<double> Steps(string text)
    {
        var parts = text.Split(':');
        if (parts.Length != 3)
            throw new SettingException("sweep.range_form", $"A range is FROM:TO:STEP, not '{text}'.");
        decimal from = Number(parts[0]), to = Number(parts[1]), step = Number(parts[2]);
        if (step == 0 || Quotient(to - from, step, text) < 1)
            throw new SettingException("sweep.range_step", $"The range '{text}' never gets from {Show((double)from)} to {Show((double)to)}: its step must lead there.");
        var steps = Math.Floor(Quotient(to - from, step, text));
        if (steps >= ComparisonRequest.MostColumns)
            throw new SettingException("sweep.range_count", $"The range '{text}' has {steps + 1:F0} values, and a sweep at most {ComparisonRequest.MostColumns}: take a greater step.");
        return [.. Enumerable.Range(0, (int)steps + 1).Select(i => (double)(from + i * step))];
    }

    private static decimal Quotient(decimal distance, decimal step, string text)
    {
        try
        {
            return distance / step;
        }
        catch (OverflowException)
        {
            throw new SettingException("sweep.range_far", $"The range '{text}' has far too many values.");
        }
    }

    private static decimal Number(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new SettingException("sweep.number", $"'{text}' is no number.");

    private static string Show(double value) => value.ToString(CultureInfo.InvariantCulture);
}
