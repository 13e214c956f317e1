namespace LmPlayground.Generation;

/// <summary>A prompt that a model cannot begin with. The message says why and what to do.</summary>
/// <param name="code">A name of what is wrong that does not change when its words do: "prompt.too_long".</param>
/// <param name="message">The same for people, in English, with what it is about as arguments.</param>
public sealed class PromptException(string code, FormattableString message) : Exception(FormattableString.Invariant(message))
{
    /// <summary>A name of what is wrong that does not change when its words do: who translates the message looks it up.</summary>
    public string Code { get; } = code;

    /// <summary>What the message names, in the order in which it names it.</summary>
    public IReadOnlyList<object?> Arguments { get; } = message.GetArguments();
}
