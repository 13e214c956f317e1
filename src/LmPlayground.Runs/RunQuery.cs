using System.Collections.Immutable;
using System.Collections.Specialized;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Web;
using LmPlayground.Runs.Settings;
using LmPlayground.Runs.Settings.Formats;

namespace LmPlayground.Runs;

/// <summary>A request as the query of an address: what was chosen, by name.</summary>
public static class RunQuery
{
    /// <summary>The longest text that an address carries, encoded; servers and proxies refuse lines above 8 kB.</summary>
    public const int LongestText = 6_000;

    /// <summary>How long a text may be whatever else the address has: moving a short one away would shorten nothing.</summary>
    public const int LeastText = 1_000;

    /// <summary>What all but the texts may take before the texts give way.</summary>
    public const int UsualOthers = 1_000;

    private const string ReferenceSuffix = "_ref";

    /// <summary>The texts that may be too long for an address.</summary>
    private static readonly ImmutableArray<Setting<string>> Texts = [RunSettings.Source, RunSettings.Prompt];

    /// <summary>The query with its question mark, or an empty string.</summary>
    public static string Write(RunRequest request)
    {
        var query = new StringBuilder();
        var room = RoomFor(request);
        foreach (var (setting, value) in request.Chosen)
        {
            foreach (var text in setting.Write(value))
            {
                if (value is string && IsText(setting) && IsTooLarge(text, room))
                    Add(query, setting.Name + ReferenceSuffix, Reference(text));
                else
                    Add(query, setting.Name, text);
            }
        }

        return query.ToString();
    }

    /// <summary>Reads a query, with or without its question mark. Unknown names are ignored; values that cannot be used are replaced and reported.</summary>
    public static RunReading Read(string query)
    {
        var given = HttpUtility.ParseQueryString(query);
        var problems = new List<SettingProblem>();
        var request = new RunRequest();
        foreach (var setting in RunSettings.All)
        {
            if (TextsOf(given, setting) is { Count: > 0 } texts && setting.Read(texts, setting.Name, problems) is { } value)
                request = request.With(setting, value);
        }

        request = RunRules.Settle(request, problems);
        return new RunReading(request, [.. problems]) { References = ReferencesOf(given, request) };
    }

    /// <summary>The texts of a request that its address cannot carry: the setting's name, and what the address has in the text's place.</summary>
    public static IEnumerable<(string Name, string Reference)> LongTexts(RunRequest request)
    {
        var room = RoomFor(request);
        return request.Chosen
            .Where(chosen => IsText(chosen.Setting) && IsTooLarge((string)chosen.Value, room))
            .Select(chosen => (chosen.Setting.Name, Reference((string)chosen.Value)));
    }

    /// <summary>How long each text of a request may be in its address: two of them share it, and give way to long lists of stop strings and the like.</summary>
    public static int RoomFor(RunRequest request)
    {
        var others = request.Chosen.Where(chosen => !IsText(chosen.Setting))
            .Sum(chosen => chosen.Setting.Write(chosen.Value).Sum(text => chosen.Setting.Name.Length + 2 + Uri.EscapeDataString(text).Length));
        var room = LongestText - Math.Max(0, others - UsualOthers);
        return Math.Max(LeastText, request.Source is null ? room : room / 2);
    }

    /// <summary>Whether an address cannot carry a text: too long, or no valid Unicode (a lone surrogate has no UTF-8).</summary>
    /// <param name="text">The text.</param>
    /// <param name="room">How long it may be, encoded.</param>
    public static bool IsTooLarge(string? text, int room = LongestText) =>
        text is not null && (text.Length > room || HasLoneSurrogate(text) || Uri.EscapeDataString(text).Length > room);

    /// <summary>What the address names a text that it cannot carry: the start of its hash.</summary>
    public static string Reference(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan())).AsSpan(0, 8));

    private static bool IsText(Setting setting) => Texts.Any(text => text == setting);

    private static ImmutableDictionary<string, string> ReferencesOf(NameValueCollection given, RunRequest request) => Texts
        .Where(setting => !request.Has(setting) && given.GetValues(setting.Name + ReferenceSuffix) is { Length: > 0 })
        .ToImmutableDictionary(setting => setting.Name, setting => given.GetValues(setting.Name + ReferenceSuffix)![^1]);

    /// <summary>A text box has no other line ends: what is shown is what is run.</summary>
    private static IReadOnlyList<string> TextsOf(NameValueCollection given, Setting setting) =>
        [.. (given.GetValues(setting.Name) ?? []).Select(text => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n'))];

    private static void Add(StringBuilder query, string name, string value) =>
        query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text, i))
                return true;
            i++;
        }

        return false;
    }
}
