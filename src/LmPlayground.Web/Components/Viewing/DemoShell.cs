namespace LmPlayground.Web.Components.Viewing;

/// <summary>What stands around a demo: the page of its own, a frame in another's page, or a file that needs nothing else.</summary>
public sealed record DemoShell
{
    /// <summary>The style sheets of the page, in their order.</summary>
    public static readonly IReadOnlyList<string> StyleSheets = ["palette", "base", "controls", "shell", "text", "token", "sampler", "columns", "demo", "forced"];

    /// <summary>Which of them it is.</summary>
    public required DemoForm Form { get; init; }

    /// <summary>The demo's id; empty in a file.</summary>
    public string Id { get; init; } = "";

    /// <summary>Where the page was asked for, which chat programs find its picture by: "https://play.example"; empty where it has none.</summary>
    public string Origin { get; init; } = "";

    /// <summary>Where a file for browsers is found.</summary>
    public Func<string, string> Asset { get; init; } = path => path;

    /// <summary>The script of the page.</summary>
    public string Entry { get; init; } = "js/demo.js";

    /// <summary>All rules, for a file; else null.</summary>
    public string? Style { get; init; }

    /// <summary>The whole script, for a file; else null.</summary>
    public string? Script { get; init; }

    /// <summary>SHA-256 of the script, in base64: the one script that may run.</summary>
    public string? ScriptHash { get; init; }

    /// <summary>What other pages learn of this one's address: nothing, unless it has a form, with which a browser must say where it comes from.</summary>
    public string Referrer { get; init; } = "no-referrer";

    /// <summary>Whether it is the gallery, which stands in the same frame.</summary>
    public bool IsGallery { get; init; }

    /// <summary>The style sheets that are loaded.</summary>
    public IEnumerable<string> Sheets => IsGallery ? [.. StyleSheets, "gallery"] : StyleSheets;

    /// <summary>Whether the operator is told of it: not of what comes with the program, nor of what the server has not read.</summary>
    public bool CanBeReported { get; init; }

    /// <summary>Whether it is a page of its own, with a header and buttons.</summary>
    public bool IsPage => Form == DemoForm.Page;

    /// <summary>Whether a copy of the demo's request can be opened from it.</summary>
    public bool HasFork => Form is DemoForm.Page or DemoForm.Template;
}

/// <summary>How a demo is handed out.</summary>
public enum DemoForm
{
    /// <summary>A page of its own.</summary>
    Page,

    /// <summary>A frame in another's page.</summary>
    Embed,

    /// <summary>A file that needs nothing else.</summary>
    File,

    /// <summary>Its parts alone, which a script fills with another demo.</summary>
    Template,
}
