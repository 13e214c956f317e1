using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Web.State;

/// <summary>Writes a state as the query of an address: only what differs from the defaults.</summary>
public static class AddressWriter
{
    private static readonly StoppingOptions DefaultStopping = new();

    /// <summary>The query with its question mark, or an empty string.</summary>
    public static string Write(PlaygroundState state)
    {
        var query = new StringBuilder();
        Add(query, AddressNames.Model, state.ModelId);
        foreach (var parameter in SamplingStages.Parameters)
        {
            if (state.Chosen.TryGetValue(parameter.Name, out var value))
                Add(query, parameter.Name, value.ToString("R", CultureInfo.InvariantCulture));
        }

        foreach (var (name, entries) in state.ChosenTexts)
        {
            // An empty list is a choice too, where the default is none.
            foreach (var entry in entries.Count == 0 ? [""] : entries.Select(EscapedText.Escape))
                Add(query, name, entry);
        }

        if (!state.Order.Equals(StageOrder.Transformers))
            Add(query, AddressNames.Order, state.Order.ToString());
        if (state.FillOrder != default)
            Add(query, AddressNames.FillOrder, FillOrderText.Write(state.FillOrder));
        Add(query, AddressNames.Seed, state.Seed?.ToString(CultureInfo.InvariantCulture));
        foreach (var (name, value) in SearchAddress.Write(state.Search))
            Add(query, name, value);
        AddStopping(query, state.Stopping);
        Add(query, AddressNames.Chat, state.Chat switch { true => "true", false => "false", null => null });
        Add(query, AddressNames.System, state.System);
        AddText(query, AddressNames.Source, AddressNames.SourceReference, state.Source, RoomFor(state));
        AddText(query, AddressNames.Prompt, AddressNames.PromptReference, state.Prompt, RoomFor(state));
        return query.ToString();
    }

    /// <summary>How long each text of a state may be in its address: two of them share it.</summary>
    public static int RoomFor(PlaygroundState state) => state.Source is null ? AddressNames.LongestPrompt : AddressNames.LongestPrompt / 2;

    /// <summary>Whether an address cannot carry the prompt: too long, or no valid Unicode (a lone surrogate has no UTF-8).</summary>
    /// <param name="prompt">The prompt, or the source text.</param>
    /// <param name="room">How long it may be, encoded.</param>
    public static bool IsTooLarge(string? prompt, int room = AddressNames.LongestPrompt) =>
        prompt is not null
        && (prompt.Length > room
            || HasLoneSurrogate(prompt)
            || Uri.EscapeDataString(prompt).Length > room);

    /// <summary>What the address names a prompt that it cannot carry: the start of its hash.</summary>
    public static string Reference(string prompt) =>
        Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(prompt.AsSpan())).AsSpan(0, 8));

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsSurrogatePair(text, i) || i + 1 == text.Length)
                return true;
            i++;
        }

        return false;
    }

    private static void AddText(StringBuilder query, string name, string referenceName, string? text, int room)
    {
        if (IsTooLarge(text, room))
            Add(query, referenceName, Reference(text!));
        else
            Add(query, name, text);
    }

    private static void AddStopping(StringBuilder query, StoppingOptions stopping)
    {
        if (stopping.MaxNewTokens != DefaultStopping.MaxNewTokens)
            Add(query, AddressNames.MaxNewTokens, stopping.MaxNewTokens.ToString(CultureInfo.InvariantCulture));
        if (!stopping.StopAtEndOfSequence)
            Add(query, AddressNames.IgnoreEndOfSequence, "true");
        foreach (var text in stopping.StopStrings)
            Add(query, AddressNames.StopString, EscapedText.Escape(text));
        if (stopping.IncludeStopString)
            Add(query, AddressNames.IncludeStopString, "true");
        foreach (var parameter in StoppingRules.AdvancedNumbers)
        {
            if (stopping.Has(parameter))
                Add(query, parameter.Name, stopping[parameter].ToString("R", CultureInfo.InvariantCulture));
        }

        foreach (var id in stopping.StopTokenIds)
            Add(query, AddressNames.StopTokenId, id.ToString(CultureInfo.InvariantCulture));
    }

    private static void Add(StringBuilder query, string name, string? value)
    {
        if (value is not null)
            query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
    }
}
