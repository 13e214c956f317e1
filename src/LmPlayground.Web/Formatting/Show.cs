using System.Globalization;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Texts;

namespace LmPlayground.Web.Formatting;

/// <summary>Numbers and reasons as people read them.</summary>
internal static class Show
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    public static string Count(long count) => count.ToString("N0", Culture);

    public static string Bits(double bits) => bits.ToString("0.00", Culture);

    public static string Logit(double logit) => double.IsNegativeInfinity(logit) ? "−∞" : logit.ToString("0.00", Culture).Replace('-', '−');

    /// <summary>A share of one decimal without its sign: a table's cell. What is there but rounds to nothing is not shown as nothing.</summary>
    public static string Cell(double share) => share switch
    {
        0 => "0",
        < 0.0005 => "<0.1",
        _ => (share * 100).ToString("0.0", Culture),
    };

    public static string Percent(double share) => Cell(share) + " %";

    /// <summary>A share of two decimals.</summary>
    public static string Detail(double share) => share is > 0 and < 0.00005 ? "<0.01 %" : (share * 100).ToString("0.00", Culture) + " %";

    public static string Ordinal(long number) => FormatTexts.Get(
        number % 100 is 11 or 12 or 13 || number % 10 is 0 or > 3 ? "Ordinal.other" : $"Ordinal.{number % 10}", Count(number));

    /// <summary>How a job waits for its turn, from its place in the queue; 0 is no wait.</summary>
    public static string Queue(int place) => place switch
    {
        <= 0 => FormatTexts.Get("QueueStarting"),
        1 => FormatTexts.Get("QueueFirst"),
        _ => FormatTexts.Get("QueuePlace", Ordinal(place)),
    };

    /// <summary>A length in CSS: a share of the whole.</summary>
    public static string Width(double share) => (Math.Clamp(share, 0, 1) * 100).ToString("0.##", Culture) + "%";

    /// <summary>A token as one word of an interface: spaces, new lines and tabs are visible.</summary>
    public static string Token(string text) => text.Replace(' ', '·').Replace("\n", "↵").Replace("\r", "␍").Replace("\t", "⇥");

    /// <summary>A token within a line of others: spaces stay what they are, line ends are visible.</summary>
    public static string Piece(string text) => text.Replace("\n", "↵").Replace("\r", "␍").Replace("\t", "⇥");

    public static string Duration(TimeSpan time) => time.TotalMilliseconds < 1 ? FormatTexts.Get("UnderMillisecond") : time.TotalSeconds < 1
        ? FormatTexts.Get("Milliseconds", time.TotalMilliseconds.ToString("0", Culture))
        : FormatTexts.Get("Seconds", time.TotalSeconds.ToString("0.0", Culture));

    /// <summary>A length of time that a reader is to wait, in words.</summary>
    public static string Wait(TimeSpan time) => time.TotalSeconds < 120
        ? FormatTexts.Get(Math.Round(time.TotalSeconds) == 1 ? "Wait.Seconds.one" : "Wait.Seconds.other", time.TotalSeconds.ToString("0", Culture))
        : FormatTexts.Get("Wait.Minutes", Math.Floor(time.TotalMinutes).ToString("0", Culture));

    /// <summary>Why a run ended, in the words of a status line, with what is known of it.</summary>
    public static string Reason(StopPoint stop) => StoppingRules.Explain(stop, Token);

    /// <summary>Where a run ended: its last token, and where a stop string cut its text.</summary>
    public static string Place(StopPoint stop) => stop.TextOffset is { } offset
        ? FormatTexts.Get("PlaceCut", Count(stop.Position + 1), Count(offset))
        : FormatTexts.Get("Place", Count(stop.Position + 1));

    /// <summary>The step on the scale of uncertainty, from 0 (70 % or more: no colour) to 5.</summary>
    public static int Heat(double probability) => probability switch
    {
        >= 0.70 => 0,
        >= 0.50 => 1,
        >= 0.30 => 2,
        >= 0.15 => 3,
        >= 0.07 => 4,
        _ => 5,
    };
}
