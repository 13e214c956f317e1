using System.Collections.Immutable;
using System.Globalization;
using LmPlayground.Runs.Settings.Formats;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Web.State;

/// <summary>What a column is called: by what differs from the first one.</summary>
internal static class ColumnTitle
{
    /// <summary>The first column is called by what differs from its model's own settings, the others by what differs from the first.</summary>
    /// <param name="first">The first column.</param>
    /// <param name="column">This column.</param>
    /// <param name="index">Its place, from 0.</param>
    internal static ImmutableArray<string> Of(ModelChoice first, ModelChoice column, int index)
    {
        var differences = Of(index == 0 ? first.Defaults : first.Options, column.Options);
        if (index > 0 && column.Entry is { } other && other.Id != first.Entry?.Id)
            return [other.Name, .. differences];
        return differences.IsEmpty ? [index == 0 ? "the model's own settings" : "as column 1"] : differences;
    }

    /// <summary>The differences in a few words each: "temperature 1.4", "top-p off".</summary>
    /// <param name="reference">The first column's strategy.</param>
    /// <param name="options">This column's strategy.</param>
    internal static ImmutableArray<string> Of(SamplingOptions reference, SamplingOptions options)
    {
        var parts = ImmutableArray.CreateBuilder<string>();
        foreach (var parameter in SamplingStages.Parameters.Where(parameter => options[parameter] != reference[parameter]))
            parts.Add(Of(parameter, options));
        foreach (var texts in SamplingStages.Texts.Where(texts => !options[texts].Equals(reference[texts])))
            parts.Add($"{texts.Label.ToLowerInvariant()}: {string.Join(", ", options[texts].Select(EscapedText.Escape))}");
        if (!options.Order.Equals(reference.Order))
            parts.Add(OrderPresets.NameOf(options.Order, null) is var name && name == OrderPresets.Custom ? "custom order" : $"order of {name}");
        return parts.ToImmutable();
    }

    private static string Of(NumberParameter parameter, SamplingOptions options)
    {
        var label = parameter.Label.ToLowerInvariant();
        var isSwitch = SamplingStages.Find(parameter.Name) is { } stage && stage.Parameters[0] == parameter;
        return isSwitch && options[parameter] == parameter.Default && parameter != TemperatureStage.Temperature
            ? $"{label} off"
            : string.Create(CultureInfo.InvariantCulture, $"{label} {options[parameter]:0.######}");
    }
}
