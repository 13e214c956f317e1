namespace LmPlayground.Demos;

/// <summary>What a store refuses, or cannot do just now. The message says why and what to do.</summary>
/// <param name="code">A name of what is wrong that does not change when its words do: "demos.owner_full".</param>
/// <param name="message">The same for people, in English, with what it is about as arguments.</param>
/// <param name="inner">What it was told by, for the log.</param>
public sealed class DemoStoreException(string code, FormattableString message, Exception? inner = null)
    : Exception(FormattableString.Invariant(message), inner)
{
    /// <summary>A name of what is wrong that does not change when its words do: who translates the message looks it up.</summary>
    public string Code { get; } = code;

    /// <summary>What the message names, in the order in which it names it.</summary>
    public IReadOnlyList<object?> Arguments { get; } = message.GetArguments();
}
