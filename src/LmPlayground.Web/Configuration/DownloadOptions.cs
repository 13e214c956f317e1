using LmPlayground.Models.Hub;

namespace LmPlayground.Web.Configuration;

/// <summary>Whether pages may download models, and within what limits. Which hub it is, and as whom, say the environment variables of Hugging Face's tools.</summary>
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

    /// <summary>The most bytes that one model may have; a larger one is refused.</summary>
    public long MaxBytes { get; set; } = 1L << 40;

    /// <summary>How long the hub may send nothing, or next to nothing, before that counts as a broken connection.</summary>
    public TimeSpan Silence { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the hub may take to send a list.</summary>
    public TimeSpan AnswerTime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How often a request is made before its failure is told.</summary>
    public int Tries { get; set; } = 5;

    /// <summary>What the environment says of the hub, within these limits.</summary>
    /// <exception cref="HubException">What the environment says cannot be used.</exception>
    internal HubOptions ToHub() =>
        HubOptions.FromEnvironment() with { MaxBytes = MaxBytes, Silence = Silence, AnswerTime = AnswerTime, Tries = Tries };
}
