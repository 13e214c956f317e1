using System.Collections.Immutable;
using LmPlayground.Runs;
using LmPlayground.Runs.Messages;
using LmPlayground.Runs.Settings;

namespace LmPlayground.Web.State;

/// <summary>How a page's state is written into its address and read from it.</summary>
/// <param name="Path">The page's path.</param>
/// <param name="Read">Reads a query.</param>
/// <param name="Write">The query of a state, with its question mark, or an empty string.</param>
/// <param name="LongTexts">The texts that an address cannot carry: their names, and what the address has in their place.</param>
/// <param name="WithText">A state with such a text.</param>
/// <param name="Call">The name of the text that such a text is called by at the beginning of a sentence.</param>
internal sealed record PageStateFormat<TState>(
    string Path,
    Func<string, PageReading<TState>> Read,
    Func<TState, string> Write,
    Func<TState, IEnumerable<(string Name, string Reference)>> LongTexts,
    Func<TState, string, string, TState> WithText,
    Func<string, string> Call);

/// <summary>What an address says.</summary>
/// <param name="State">The state, every value in its range.</param>
/// <param name="References">Under which names the tab keeps the texts that the address could not carry.</param>
/// <param name="Notices">What could not be taken as it stood, for people.</param>
internal sealed record PageReading<TState>(TState State, IReadOnlyDictionary<string, string> References, ImmutableArray<Message> Notices);

/// <summary>The formats of the pages whose state is a request.</summary>
internal static class RunPages
{
    /// <summary>The playground.</summary>
    internal static readonly PageStateFormat<RunAddress> Playground = Of("/");

    /// <summary>The compare page.</summary>
    internal static readonly PageStateFormat<RunAddress> Compare = Of("/compare") with { Read = ReadComparison };

    internal static string Call(string name) => name == RunSettings.Source.Name ? "TheSource" : "ThePrompt";

    private static PageReading<RunAddress> ReadComparison(string query)
    {
        var reading = RunAddress.Read(query);
        return reading with { Notices = [.. reading.Notices, .. CompareSettings.Unused(reading.State.Whole)] };
    }

    private static PageStateFormat<RunAddress> Of(string path) => new(
        path,
        RunAddress.Read,
        address => address.Write(),
        address => RunQuery.LongTexts(address.Whole),
        (address, name, text) => address with { Request = address.Request.With((Setting<string>)RunSettings.Find(name)!, text) },
        Call);
}
