using System.Collections.Immutable;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Runs.Settings;

/// <summary>The settings of the stop criteria, made from their declarations.</summary>
public static class StopSettings
{
    /// <summary>All of them, in the order of their declarations.</summary>
    internal static readonly ImmutableArray<Part<StoppingOptions>> All = [.. StoppingRules.Parameters.Select(Declared)];

    /// <summary>All of them, in the order in which an address has them.</summary>
    public static IEnumerable<Setting> Settings => All.Select(part => part.Setting);

    /// <summary>The setting of a number.</summary>
    public static Setting<double> Of(NumberParameter parameter) => (Setting<double>)Of((Parameter)parameter);

    /// <summary>The setting that a declaration of the stop criteria makes.</summary>
    public static Setting Of(Parameter parameter) => All.First(part => part.Setting.Name == parameter.Name).Setting;

    /// <summary>The setting without which this one does nothing, or null.</summary>
    internal static Setting? NeededBy(Setting setting) =>
        StoppingRules.Parameters.FirstOrDefault(parameter => parameter.Name == setting.Name)?.Of is { } needed ? Of(needed) : null;

    private static Part<StoppingOptions> Declared(Parameter parameter) => parameter switch
    {
        NumberParameter number => Part.Of<StoppingOptions, double>(
            SettingFactory.Of(number), (stopping, value) => stopping.With(number, value), stopping => stopping[number]),
        SwitchParameter choice => Part.Of<StoppingOptions, bool>(
            SettingFactory.Of(choice), (stopping, value) => stopping.With(choice, value), stopping => stopping[choice]),
        TextListParameter texts => Part.OfList<StoppingOptions, ValueList<string>>(
            SettingFactory.Of(texts), (stopping, value) => stopping.With(texts, value), stopping => stopping[texts]),
        TokenIdListParameter ids => Part.OfList<StoppingOptions, ValueList<int>>(
            SettingFactory.Of(ids), (stopping, value) => stopping.With(ids, value), stopping => stopping[ids]),
        _ => throw new NotSupportedException($"{parameter.Name} is a parameter of a kind that has no text."),
    };
}
