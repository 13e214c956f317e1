namespace LmPlayground.Sharing.Making;

/// <summary>What its author says of a demo: plain text.</summary>
/// <param name="Title">One line, or empty.</param>
/// <param name="Description">What it shows, or empty.</param>
/// <param name="Note">What the author says to it, or empty.</param>
public sealed record DemoWords(string Title = "", string Description = "", string Note = "")
{
    /// <summary>The words, if they are not too long.</summary>
    /// <exception cref="SharedDemoException">One of them is.</exception>
    internal DemoWords Checked()
    {
        Check("title", Title, DemoLimits.Title);
        Check("description", Description, DemoLimits.Description);
        Check("note", Note, DemoLimits.Note);
        return this;
    }

    private static void Check(string what, string text, int most)
    {
        if (text.Length > most)
            throw new SharedDemoException("demo.words_too_long", $"The {what} has {text.Length:N0} characters, and {most:N0} are the most: shorten it.");
    }
}

/// <summary>How much a demo holds of each token.</summary>
public sealed record DemoContents
{
    /// <summary>How many candidates are listed for each token, from the likeliest on; the chosen one is always among them.</summary>
    public int Candidates { get; init; } = 20;

    /// <summary>Whether the other tokens' logits are kept as a histogram, so that other settings can be tried.</summary>
    public bool Logits { get; init; } = true;
}
