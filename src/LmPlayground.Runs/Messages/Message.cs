namespace LmPlayground.Runs.Messages;

/// <summary>A sentence for people: its English, and what a translator needs to say the same in another language.</summary>
/// <param name="Code">A name that does not change when the words do: "prompt.too_long".</param>
/// <param name="Text">The sentence in English.</param>
/// <param name="Arguments">What it names, in the order in which a translation is given them.</param>
public sealed record Message(string Code, string Text, IReadOnlyList<object?> Arguments)
{
    /// <summary>A sentence whose arguments are those of its English.</summary>
    public static Message Of(string code, FormattableString text) => new(code, FormattableString.Invariant(text), text.GetArguments());

    /// <summary>Two are one where people read the same.</summary>
    public bool Equals(Message? other) => other is not null && Code == other.Code && Text == other.Text;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Code, Text);

    /// <summary>The sentence in English.</summary>
    public override string ToString() => Text;
}
