using LmPlayground.Runs.Settings.Formats;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Runs.Settings;

/// <summary>Settings made from the declarations of the libraries.</summary>
internal static class SettingFactory
{
    /// <summary>A number whose value, where nothing is chosen, is the model's own.</summary>
    internal static Setting<double> OfModel(NumberParameter parameter) => Named(parameter, NumberFormat.Of(parameter));

    /// <summary>A number.</summary>
    internal static Setting<double> Of(NumberParameter parameter) => Named(parameter, NumberFormat.Of(parameter), parameter);

    /// <summary>A list of texts.</summary>
    internal static Setting<ValueList<string>> Of(TextListParameter parameter) =>
        Named(parameter, new TextListFormat(entry => parameter.Problem(entry), parameter.MostEntries), parameter);

    /// <summary>A list of token ids.</summary>
    internal static Setting<ValueList<int>> Of(TokenIdListParameter parameter) => Named(parameter, new TokenIdsFormat(parameter.MostEntries), parameter);

    /// <summary>A switch.</summary>
    internal static Setting<bool> Of(SwitchParameter parameter) => Named(parameter, new SwitchFormat(), parameter);

    private static Setting<T> Named<T>(Parameter parameter, SettingFormat<T> format)
        where T : notnull => new(parameter.Name, format)
        {
            Label = parameter.Label,
            Help = parameter.Help,
            CommandLineName = parameter.CommandLineName,
        };

    private static Setting<T> Named<T>(Parameter parameter, SettingFormat<T> format, Parameter<T> declared)
        where T : notnull => new(parameter.Name, format)
        {
            Label = parameter.Label,
            Help = parameter.Help,
            CommandLineName = parameter.CommandLineName,
            Default = declared.Default,
        };
}
