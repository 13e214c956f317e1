namespace LmPlayground.Sampling.Stages;

/// <summary>A list of texts that a stage takes, declared once, as a <see cref="StageParameter"/> declares a number.</summary>
/// <param name="Name">Its name in the address and in JSON: "bad_words".</param>
/// <param name="Label">Its name for people: "Bad words".</param>
public sealed record StageTexts(string Name, string Label)
{
    /// <summary>The list where nothing was set.</summary>
    public TextList Default { get; init; } = TextList.Empty;

    /// <summary>What it does, in one sentence for someone who has never used it.</summary>
    public string Help { get; init; } = "";

    /// <summary>One entry as an example.</summary>
    public string Example { get; init; } = "";

    /// <summary>What <see cref="Problem"/> asks of entries that are not empty.</summary>
    public Func<string, string?> Check { get; init; } = static _ => null;

    /// <summary>Its name on the command line: "--bad-words".</summary>
    public string CommandLineName => "--" + Name.Replace('_', '-');

    /// <summary>What is wrong with an entry, for people; null for one that may be given.</summary>
    public string? Problem(string? entry) => string.IsNullOrEmpty(entry) ? "an entry is empty" : Check(entry);
}
