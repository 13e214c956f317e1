namespace LmPlayground.Sharing;

/// <summary>A document or a link that is no demo this playground can open. The message says what is wrong with it, in one sentence.</summary>
/// <param name="code">A name of what is wrong that does not change when its words do: "demo.cut".</param>
/// <param name="message">The same for people, in English, with what it is about as arguments.</param>
public sealed class SharedDemoException(string code, FormattableString message) : Exception(FormattableString.Invariant(message))
{
    /// <summary>A name of what is wrong that does not change when its words do: who translates the message looks it up.</summary>
    public string Code { get; } = code;

    /// <summary>What the message names, in the order in which it names it.</summary>
    public IReadOnlyList<object?> Arguments { get; } = message.GetArguments();
}
