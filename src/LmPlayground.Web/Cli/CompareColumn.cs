using System.Globalization;
using System.Text.RegularExpressions;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Web.Cli;

/// <summary>What one column of <c>compare</c> changes of the command's own settings: <c>temperature=1.4,top_p=0.9,model=lstm</c>.</summary>
internal sealed partial class CompareColumn
{
    private const string ModelKey = "model";
    private const string SeedKey = "seed";
    private const string OrderKey = "order";
    private const string LengthKey = "max_new_tokens";

    private static readonly string[] OwnKeys = [ModelKey, SeedKey, OrderKey, LengthKey];

    private readonly List<(string Key, string Value)> _settings;

    private readonly string _text;

    private CompareColumn(string text, List<(string Key, string Value)> settings)
    {
        _text = text;
        _settings = settings;
    }

    /// <summary>Reads a column. A part without a name belongs to the value before it, so that a value may hold commas.</summary>
    internal static CompareColumn Parse(string text)
    {
        var settings = new List<(string Key, string Value)>();
        foreach (var part in text.Length == 0 ? [] : text.Split(','))
        {
            var named = NamedPart().Match(part);
            if (named.Success)
                settings.Add((Known(named.Groups[1].Value, text), named.Groups[2].Value));
            else if (settings.Count > 0)
                settings[^1] = (settings[^1].Key, settings[^1].Value + "," + part);
            else
                throw new CommandLineException($"--column '{text}': a column is NAME=VALUE,NAME=VALUE, such as temperature=0.7,top_p=0.9.");
        }

        return new CompareColumn(text, settings);
    }

    /// <summary>The command's own settings with this column's changes.</summary>
    /// <param name="start">The command's own settings.</param>
    /// <param name="order">The command's order of stages, as it was given.</param>
    internal CompareDraft Change(CompareDraft start, string order) => start with
    {
        Name = _text.Length == 0 ? "as given" : _text,
        Model = Last(ModelKey) ?? start.Model,
        Sampling = Change(start.Sampling, order),
        Stopping = Last(LengthKey) is { } length ? start.Stopping with { MaxNewTokens = Length(length) } : start.Stopping,
        Seed = Last(SeedKey) is { } seed ? Seed(seed) : start.Seed,
    };

    private SamplingOptions Change(SamplingOptions options, string order)
    {
        if (Last(OrderKey) is { } own)
        {
            order = own;
            options = options with { Order = GenerateOptions.Order(own) };
        }

        foreach (var (key, value) in _settings)
        {
            if (SamplingStages.Parameters.FirstOrDefault(known => known.Name == key) is { } parameter)
                options = options.With(parameter, Number(parameter, value));
        }

        foreach (var entries in _settings.GroupBy(setting => setting.Key, setting => setting.Value))
        {
            if (SamplingStages.Texts.FirstOrDefault(known => known.Name == entries.Key) is { } texts)
                options = options.With(texts, Texts(texts, [.. entries]));
        }

        return GenerateOptions.WithOrderOf(options, order);
    }

    private static string Known(string key, string text)
    {
        string[] known = [.. OwnKeys, .. SamplingStages.Parameters.Select(parameter => parameter.Name), .. SamplingStages.Texts.Select(texts => texts.Name)];
        var name = key.Replace('-', '_');
        return known.Contains(name) ? name : throw new CommandLineException(
            $"--column '{text}': there is no setting '{key}'. Known are {string.Join(", ", known)}.");
    }

    private ulong Seed(string text) => GenerateOptions.SeedOf(text)
        ?? throw Wrong($"{SeedKey} must be a whole number from 0 to {ulong.MaxValue}, not '{text}'");

    private int Length(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && LengthRule.MaxNewTokens.Accepts(most)
        ? most
        : throw Wrong($"{LengthKey} must be {LengthRule.MaxNewTokens.Range}, not '{text}'");

    private double Number(NumberParameter parameter, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && parameter.Accepts(value)
            ? value
            : throw Wrong($"{parameter.Name} must be {parameter.Range}, not '{text}'");

    private ValueList<string> Texts(TextListParameter texts, string[] entries) =>
        entries.Select(texts.Problem).FirstOrDefault(problem => problem is not null) is { } problem
            ? throw Wrong($"{texts.Name}: {problem}")
            : ValueList.Create(entries);

    private string? Last(string key) => _settings.LastOrDefault(setting => setting.Key == key).Value;

    private CommandLineException Wrong(string problem) => new($"--column '{_text}': {problem}.");

    [GeneratedRegex("^\\s*([A-Za-z][A-Za-z0-9_-]*)=(.*)$", RegexOptions.Singleline)]
    private static partial Regex NamedPart();
}
