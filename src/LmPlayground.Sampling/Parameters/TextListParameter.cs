namespace LmPlayground.Sampling.Parameters;

/// <summary>A list of texts.</summary>
/// <param name="Name">Its name in the address and in JSON: "bad_words".</param>
/// <param name="Label">Its name for people: "Bad words".</param>
public sealed record TextListParameter(string Name, string Label) : Parameter<ValueList<string>>(Name, Label)
{
    /// <summary>One entry as an example.</summary>
    public string Example { get; init; } = "";

    /// <summary>The most entries that an address, a command line or JSON may give.</summary>
    public int MostEntries { get; init; } = 1_000;

    /// <summary>What <see cref="Problem(string?)"/> asks of entries that are not empty.</summary>
    public Func<string, string?> Check { get; init; } = static _ => null;

    /// <summary>What is wrong with an entry, for people; null for one that may be given.</summary>
    public string? Problem(string? entry) => string.IsNullOrEmpty(entry) ? "an entry is empty" : Check(entry);

    /// <inheritdoc/>
    public override string? Problem(ValueList<string> value)
    {
        foreach (var entry in value)
        {
            if (Problem(entry) is { } problem)
                return $"{Name}: {problem}";
        }

        return null;
    }
}
