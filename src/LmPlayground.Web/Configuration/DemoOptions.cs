namespace LmPlayground.Web.Configuration;

/// <summary>How shared demos are shown.</summary>
public sealed class DemoOptions
{
    /// <summary>The name of the section in a configuration file.</summary>
    public const string Section = "Demos";

    /// <summary>The origins whose pages may show a demo in a frame, besides this server's own: "https://school.example". None unless given.</summary>
    public IList<string> EmbedAncestors { get; } = [];

    /// <summary>
    /// SHA-256 of the key with which demos are added to the gallery and removed from it, in hexadecimal; the key itself stands nowhere. Without it the
    /// gallery cannot be changed.
    /// </summary>
    public string? AdminKeySha256 { get; set; }

    /// <summary>The memory for pages that were rendered, in megabytes, from 1 to 10,000: compressed, a demo of 512 tokens takes about a tenth of one.</summary>
    public int CacheMegabytes { get; set; } = 64;
}
