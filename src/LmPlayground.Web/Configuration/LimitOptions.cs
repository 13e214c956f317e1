namespace LmPlayground.Web.Configuration;

/// <summary>
/// How much of the server one client may take: a client is a network address (of IPv6 the first 64 bits, which are one household's or one
/// machine's). A class of 200 behind one address meets none of the defaults.
/// </summary>
public sealed class LimitOptions
{
    /// <summary>The name of the section in a configuration file.</summary>
    public const string Section = "Limits";

    /// <summary>How many pages may be open at the same time, of all clients. From 1.</summary>
    public int OpenPages { get; set; } = 1000;

    /// <summary>How many pages of one client may be open at the same time. From 1.</summary>
    public int OpenPagesPerClient { get; set; } = 250;

    /// <summary>How many pages one client may ask for at once, after a pause; in the long run it may ask for a tenth of them each second. From 1.</summary>
    public int PageBurstPerClient { get; set; } = 600;

    /// <summary>How many links to demos one client may make at once, after a pause; in the long run a tenth of them each second. From 1.</summary>
    public int DemoBurstPerClient { get; set; } = 250;

    /// <summary>How many reports about demos one client may send at once, after a pause; in the long run a tenth of them each second. From 1.</summary>
    public int ReportBurstPerClient { get; set; } = 30;
}
