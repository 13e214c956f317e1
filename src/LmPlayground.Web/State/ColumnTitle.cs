using System.Collections.Immutable;
using System.Globalization;
using LmPlayground.Runs.Settings.Formats;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;
using LmPlayground.Web.Texts;

namespace LmPlayground.Web.State;

/// <summary>What a column is called: by what differs from the first one.</summary>
internal static class ColumnTitle
{
    /// <summary>The first column is called by what differs from its model's own settings, the others by what differs from the first.</summary>
    /// <param name="first">The first column.</param>
    /// <param name="column">This column.</param>
    /// <param name="index">Its place, from 0.</param>
    /// <param name="words">What the page says.</param>
    internal static ImmutableArray<string> Of(ModelChoice first, ModelChoice column, int index, PageWords words)
    {
        var differences = Of(index == 0 ? first.Defaults : first.Options, column.Options, words);
        if (index > 0 && column.Entry is { } other && other.Id != first.Entry?.Id)
            return [other.Name, .. differences];
        return differences.IsEmpty ? [words[index == 0 ? "OwnSettings" : "AsFirstColumn"]] : differences;
    }

    /// <summary>The differences in a few words each: "temperature 1.4", "top-p off".</summary>
    /// <param name="reference">The first column's strategy.</param>
    /// <param name="options">This column's strategy.</param>
    /// <param name="words">What the page says.</param>
    internal static ImmutableArray<string> Of(SamplingOptions reference, SamplingOptions options, PageWords words)
    {
        var parts = ImmutableArray.CreateBuilder<string>();
        foreach (var parameter in SamplingStages.Parameters.Where(parameter => options[parameter] != reference[parameter]))
            parts.Add(Of(parameter, options, words));
        foreach (var texts in SamplingStages.Texts.Where(texts => !options[texts].Equals(reference[texts])))
            parts.Add(words["TitleTexts", Small(texts, words), string.Join(", ", options[texts].Select(EscapedText.Escape))]);
        if (!options.Order.Equals(With(reference.Order, options)))
            parts.Add(OrderPresets.NameOf(options.Order, null) is var name && name == OrderPresets.Custom ? words["TitleCustomOrder"] : words["TitleOrder", name]);
        return parts.ToImmutable();
    }

    /// <summary>An order with the stages that are on, which it may not have named: they have their place in it without anybody's choice.</summary>
    private static StageOrder With(StageOrder order, SamplingOptions options) =>
        SamplingStages.All.Where(stage => stage.IsOn(options)).Aggregate(order, (all, stage) => all.Including(stage.Name));

    private static string Of(NumberParameter parameter, SamplingOptions options, PageWords words)
    {
        var label = Small(parameter, words);
        var isSwitch = SamplingStages.Find(parameter.Name) is { } stage && stage.Parameters[0] == parameter;
        return isSwitch && options[parameter] == parameter.Default && parameter != TemperatureStage.Temperature
            ? words["TitleOff", label]
            : words["TitleValue", label, options[parameter].ToString("0.######", CultureInfo.InvariantCulture)];
    }

    private static string Small(Parameter parameter, PageWords words) => words.Library.Label(parameter).ToLowerInvariant();
}
