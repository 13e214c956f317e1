namespace LmPlayground.Web.Configuration;

/// <summary>Whether pages may download models. Which hub it is, and as whom, say the environment variables of Hugging Face's tools.</summary>
public sealed class DownloadOptions
{
    /// <summary>The name of the section in a configuration file.</summary>
    public const string Section = "Hub";

    /// <summary>
    /// Whether pages may search the hub and download from it, which fills the server's disk and uses its account. Null allows it to visitors
    /// at this machine, who could do it by hand.
    /// </summary>
    public bool? AllowDownloads { get; set; }

    /// <summary>How many models are downloaded at the same time; the others wait.</summary>
    public int MaxConcurrent { get; set; } = 1;
}
