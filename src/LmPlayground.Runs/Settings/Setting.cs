using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using LmPlayground.Runs.Messages;
using LmPlayground.Runs.Settings.Formats;

namespace LmPlayground.Runs.Settings;

/// <summary>
/// One thing that a person decides about a run, declared once: the address, the command line, JSON and the page's controls are all made from
/// this declaration.
/// </summary>
/// <param name="name">Its name in the address and in JSON: "top_p".</param>
public abstract class Setting(string name)
{
    /// <summary>Its name in the address and in JSON: "top_p".</summary>
    public string Name { get; } = name;

    /// <summary>Its name on the command line: "--top-p".</summary>
    public string CommandLineName { get; init; } = "--" + name.Replace('_', '-');

    /// <summary>Its name for people: "Top-p".</summary>
    public string Label { get; init; } = name;

    /// <summary>What it does, in one sentence for someone who has never used it.</summary>
    public string Help { get; init; } = "";

    /// <summary>What may be given, after "must be": "a number from 0 to 1".</summary>
    public abstract string Expects { get; }

    /// <summary>Whether a value has several texts, each given under the setting's name.</summary>
    public abstract bool IsList { get; }

    /// <summary>Whether the name alone says true.</summary>
    public abstract bool IsSwitch { get; }

    /// <summary>Whether <paramref name="value"/> is what a run has where nothing was chosen.</summary>
    internal abstract bool IsDefault(object value);

    /// <summary>A value's texts, one for each time that the name stands in an address.</summary>
    internal abstract IReadOnlyList<string> Write(object value);

    /// <summary>Reads texts; null where they give no value.</summary>
    /// <param name="texts">What was given under the setting's name, in order.</param>
    /// <param name="calledHere">What the setting is called where the texts come from.</param>
    /// <param name="problems">Takes what is wrong with them.</param>
    internal abstract object? Read(IReadOnlyList<string> texts, string calledHere, ICollection<SettingProblem> problems);

    /// <summary>A value as JSON.</summary>
    internal abstract JsonNode ToJson(object value);

    /// <summary>Reads JSON; null where it gives no value.</summary>
    internal abstract object? ReadJson(JsonElement json, ICollection<SettingProblem> problems);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <inheritdoc cref="Setting"/>
/// <typeparam name="T">Its values: immutable, equal by value.</typeparam>
/// <param name="name">Its name in the address and in JSON: "top_p".</param>
/// <param name="format">How its values are written and read.</param>
public sealed class Setting<T>(string name, SettingFormat<T> format) : Setting(name)
    where T : notnull
{
    private readonly T? _default;

    /// <summary>What a run has where nothing was chosen; a setting without one follows the model, or is off.</summary>
    public T? Default
    {
        get => _default;
        init => (_default, HasDefault) = (value, true);
    }

    /// <summary>Whether there is a <see cref="Default"/>, which is the same whatever the model.</summary>
    public bool HasDefault { get; private init; }

    /// <inheritdoc/>
    public override string Expects => format.Expects;

    /// <inheritdoc/>
    public override bool IsList => format.IsList;

    /// <inheritdoc/>
    public override bool IsSwitch => format.IsSwitch;

    /// <summary>A value as one text, as an address has it.</summary>
    public string TextOf(T value) => format.Write(value)[0];

    /// <summary>Reads a text that was typed into a box. One that cannot be taken as it stands is replaced or ignored, and the notice says so.</summary>
    /// <returns>Whether there is a value.</returns>
    public bool TryRead(string text, [MaybeNullWhen(false)] out T value, out Message? notice)
    {
        var problems = new List<SettingProblem>();
        var isRead = format.TryRead([format.Typed(text)], new SettingReading(Name, Expects, problems), out value);
        notice = problems is [var problem, ..] ? problem.Notice : null;
        return isRead;
    }

    /// <inheritdoc/>
    internal override bool IsDefault(object value) => HasDefault && value.Equals(_default);

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Write(object value) => format.Write((T)value);

    /// <inheritdoc/>
    internal override object? Read(IReadOnlyList<string> texts, string calledHere, ICollection<SettingProblem> problems) =>
        format.TryRead(texts, new SettingReading(calledHere, Expects, problems), out var value) ? value : null;

    /// <inheritdoc/>
    internal override JsonNode ToJson(object value) => format.ToJson((T)value);

    /// <inheritdoc/>
    internal override object? ReadJson(JsonElement json, ICollection<SettingProblem> problems) =>
        format.TryReadJson(json, new SettingReading(Name, Expects, problems), out var value) ? value : null;
}
