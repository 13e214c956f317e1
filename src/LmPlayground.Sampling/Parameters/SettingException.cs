namespace LmPlayground.Sampling.Parameters;

/// <summary>
/// What was asked for cannot be done: a value out of its range, settings that do not go together, or a text that the model has no token for.
/// The message names it and says what is taken instead. Every other exception is the program's own fault.
/// </summary>
/// <param name="code">A name of what is wrong that does not change when its words do: "sweep.twice".</param>
/// <param name="message">The same for people, in English, with what it is about as arguments.</param>
public sealed class SettingException(string code, FormattableString message) : Exception(FormattableString.Invariant(message))
{
    /// <summary>A name of what is wrong that does not change when its words do: who translates the message looks it up.</summary>
    public string Code { get; } = code;

    /// <summary>What the message names, in the order in which it names it.</summary>
    public IReadOnlyList<object?> Arguments { get; } = message.GetArguments();
}
