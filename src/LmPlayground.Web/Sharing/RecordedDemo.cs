using LmPlayground.Runs;

namespace LmPlayground.Web.Sharing;

/// <summary>A demo that comes with the program: what it is called, what it shows, and what is asked for.</summary>
/// <param name="Name">Its name in addresses: "top-k".</param>
/// <param name="Group">The part of the gallery that it stands in.</param>
/// <param name="Title">Its title.</param>
/// <param name="Sentence">What it shows, for those who are new to it.</param>
/// <param name="Request">What is asked for: a run, a search or, with columns, a comparison.</param>
internal sealed record RecordedDemo(string Name, string Group, string Title, string Sentence, RunRequest Request)
{
    /// <summary>What the ids of recorded demos begin with; no stored demo's id has such a sign.</summary>
    private const string Prefix = "gallery-";

    /// <summary>The file of its document, compressed.</summary>
    internal string File => Name + ".json.br";

    /// <summary>Its id in addresses.</summary>
    internal string Id => Prefix + Name;

    /// <summary>Its path.</summary>
    internal string Path => "/d/" + Id;
}
