using System.Collections.Frozen;
using System.Globalization;

namespace LmPlayground.Tokenizers.Text.Unicode;

/// <summary>What .NET does not know of Unicode: scripts, blocks, emoji and grapheme clusters, from the table beside this file.</summary>
internal static class UnicodeTable
{
    private static readonly Lazy<FrozenDictionary<(string Kind, string Name), CodePointSet>> Sets = new(Read);

    private static readonly Lazy<(int[] Starts, string?[] Names)> ScriptsInOrder = new(InOrder);

    private static readonly Lazy<CodePointSet> AllShared = new(() => AllOf("shared"));

    private static readonly Lazy<CodePointSet> AllScripted = new(() => AllOf("script"));

    /// <summary>Every character that several scripts use.</summary>
    public static CodePointSet Shared => AllShared.Value;

    /// <summary>Every character that has a script.</summary>
    public static CodePointSet Scripted => AllScripted.Value;

    /// <summary>The set of a name, or null. Case, spaces, hyphens and underscores do not matter.</summary>
    /// <param name="kind">"script", "shared" (what a script shares with others), "block", "break" (of grapheme clusters) or "property".</param>
    /// <param name="name">The name, or another one of the same.</param>
    public static CodePointSet? Find(string kind, string name) => Sets.Value.GetValueOrDefault((kind, Loose(name)));

    /// <summary>The script of a character by its first name in lower case, or null where it has none.</summary>
    public static string? ScriptOf(int codePoint)
    {
        var (starts, names) = ScriptsInOrder.Value;
        var at = Array.BinarySearch(starts, codePoint);
        return names[at >= 0 ? at : ~at - 1];
    }

    /// <summary>A name as it is compared with others.</summary>
    public static string Loose(string name) => string.Concat(name.Where(c => c is not (' ' or '_' or '-'))).ToLowerInvariant();

    private static (int[] Starts, string?[] Names) InOrder()
    {
        SortedDictionary<int, string?> starts = new() { [0] = null };
        foreach (var (kind, names, set) in Lines().Where(line => line.Kind == "script"))
        {
            foreach (var (first, last) in set.Ranges)
            {
                starts[first] = Loose(names[0]);
                starts.TryAdd(last + 1, null);
            }
        }

        return ([.. starts.Keys], [.. starts.Values]);
    }

    private static FrozenDictionary<(string, string), CodePointSet> Read() => Lines()
        .SelectMany(line => line.Names.Select(name => (line.Kind, Name: Loose(name), line.Set)))
        .DistinctBy(entry => (entry.Kind, entry.Name))
        .ToFrozenDictionary(entry => (entry.Kind, entry.Name), entry => entry.Set);

    private static CodePointSet AllOf(string kind) => CodePointSet.Of(Lines().Where(line => line.Kind == kind).SelectMany(line => line.Set.Ranges));

    private static IEnumerable<(string Kind, string[] Names, CodePointSet Set)> Lines()
    {
        using StreamReader reader = new(typeof(UnicodeTable).Assembly.GetManifestResourceStream("properties.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            var fields = line.Split(' ');
            yield return (fields[0], fields[1].Split('='), CodePointSet.Of(RangesOf(fields[2..])));
        }
    }

    private static IEnumerable<(int First, int Last)> RangesOf(string[] fields)
    {
        var end = 0;
        foreach (var field in fields)
        {
            var parts = field.Split('+');
            var first = end + Hex(parts[0]);
            var last = first + (parts.Length > 1 ? Hex(parts[1]) : 0);
            yield return (first, last);
            end = last + 1;
        }

        static int Hex(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
