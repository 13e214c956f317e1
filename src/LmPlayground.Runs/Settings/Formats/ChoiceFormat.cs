namespace LmPlayground.Runs.Settings.Formats;

/// <summary>One of a few values, each with a name.</summary>
/// <param name="choices">The names and what they stand for.</param>
public sealed class ChoiceFormat<T>(params (string Name, T Value)[] choices) : SettingFormat<T>
    where T : struct, Enum
{
    /// <summary>The names and what they stand for.</summary>
    public IReadOnlyList<(string Name, T Value)> Choices => choices;

    /// <inheritdoc/>
    public override string Expects => $"{string.Join(", ", choices[..^1].Select(choice => choice.Name))} or {choices[^1].Name}";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Write(T value) => [choices.First(choice => choice.Value.Equals(value)).Name];

    /// <inheritdoc/>
    public override bool TryRead(IReadOnlyList<string> texts, SettingReading reading, out T value)
    {
        foreach (var choice in choices)
        {
            value = choice.Value;
            if (choice.Name == texts[^1])
                return true;
        }

        value = default;
        reading.Refuse(texts[^1], "setting.no_choice", $"is not {Expects}: it is ignored.");
        return false;
    }
}
