using System.Collections.Immutable;
using System.Globalization;
using LmPlayground.Generation.Masking;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace LmPlayground.Web.State;

/// <summary>What an address says.</summary>
/// <param name="State">The state, every value in its range.</param>
/// <param name="PromptReference">Under which name the tab keeps the prompt, where the address could not carry it; else null.</param>
/// <param name="SourceReference">The same for the source text.</param>
/// <param name="Notices">What could not be taken as it stood, in words for people.</param>
public sealed record AddressReading(PlaygroundState State, string? PromptReference, string? SourceReference, ImmutableArray<string> Notices);

/// <summary>Reads the query of an address. Unknown names are ignored; values that cannot be used are replaced and reported.</summary>
public sealed class AddressReader
{
    private readonly Dictionary<string, StringValues> _query;
    private readonly ImmutableArray<string>.Builder _notices = ImmutableArray.CreateBuilder<string>();

    private AddressReader(string query)
    {
        _query = QueryHelpers.ParseQuery(query);
    }

    /// <summary>Reads the query of <paramref name="uri"/>.</summary>
    public static AddressReading Read(Uri uri)
    {
        var reader = new AddressReader(uri.Query);
        var reference = reader.Find(AddressNames.PromptReference);
        var state = new PlaygroundState
        {
            ModelId = reader.Find(AddressNames.Model) is { Length: > 0 } id ? id : null,
            Prompt = reader.ReadText(AddressNames.Prompt),
            Source = reader.ReadText(AddressNames.Source),
            Chat = reader.Find(AddressNames.Chat) switch { "true" or "1" => true, "false" or "0" => false, _ => null },
            System = reader.ReadText(AddressNames.System) is { Length: > 0 } system ? system : null,
            Order = reader.ReadOrder(),
            FillOrder = reader.ReadFillOrder(),
            Chosen = reader.ReadParameters(),
            ChosenTexts = reader.ReadTexts(),
            Search = SearchAddress.Read(reader.Find, reader._notices.Add),
            Stopping = reader.ReadStopping(),
            Seed = reader.ReadSeed(),
        };
        return new AddressReading(state, state.Prompt is null ? reference : null, state.Source is null ? reader.Find(AddressNames.SourceReference) : null, reader._notices.ToImmutable());
    }

    private string? Find(string name) => _query.TryGetValue(name, out var values) ? values[^1] ?? "" : null;

    /// <summary>A text box has no other line ends: what is shown is what is run.</summary>
    private string? ReadText(string name) => Find(name)?.Replace("\r\n", "\n").Replace('\r', '\n');

    private ImmutableSortedDictionary<string, double> ReadParameters()
    {
        var chosen = ImmutableSortedDictionary<string, double>.Empty;
        foreach (var parameter in SamplingStages.Parameters)
        {
            if (Find(parameter.Name) is not { } text)
                continue;
            if (ParameterText.TryRead(parameter, text, out var value, out var notice))
                chosen = chosen.SetItem(parameter.Name, value);
            if (notice is not null)
                _notices.Add(notice);
        }

        return chosen;
    }

    private StageOrder ReadOrder()
    {
        if (Find(AddressNames.Order) is not { } text)
            return StageOrder.Transformers;
        var names = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var name in names.Where(name => SamplingStages.Find(name) is null))
            _notices.Add($"order names '{name}', which is no stage: it is left out.");
        var known = names.Where(name => SamplingStages.Find(name) is not null).Distinct().ToArray();
        return new StageOrder(known);
    }

    private FillOrder ReadFillOrder()
    {
        if (Find(AddressNames.FillOrder) is not { } text)
            return FillOrder.LeftToRight;
        if (FillOrderText.Read(text) is { } order)
            return order;
        _notices.Add($"{AddressNames.FillOrder} '{text}' is neither left-to-right nor most-certain: masks are filled from left to right.");
        return FillOrder.LeftToRight;
    }

    private ulong? ReadSeed()
    {
        var text = Find(AddressNames.Seed);
        if (!SeedText.TryRead(text, out var seed))
            _notices.Add($"seed '{text}' is no whole number from 0 to {ulong.MaxValue}: a random one is used.");
        return seed;
    }

    private StoppingOptions ReadStopping()
    {
        var defaults = new StoppingOptions();
        var options = new StoppingOptions
        {
            MaxNewTokens = ReadMaxNewTokens(defaults.MaxNewTokens),
            StopAtEndOfSequence = Find(AddressNames.IgnoreEndOfSequence) is not ("true" or "1" or ""),
            StopStrings = ReadStrings(AddressNames.StopString),
            IncludeStopString = Find(AddressNames.IncludeStopString) is "true" or "1" or "",
            StopTokenIds = ReadStopTokenIds(),
        };
        foreach (var parameter in StoppingRules.AdvancedNumbers)
        {
            if (Find(parameter.Name) is not { } text)
                continue;
            if (ParameterText.TryRead(parameter, text, out var value, out var notice))
                options = options.With(parameter, value);
            if (notice is not null)
                _notices.Add(notice);
        }

        return options;
    }

    private int ReadMaxNewTokens(int fallback)
    {
        if (Find(AddressNames.MaxNewTokens) is not { } text)
            return fallback;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || double.IsNaN(value))
        {
            _notices.Add($"{AddressNames.MaxNewTokens} '{text}' is no number: {fallback} is used.");
            return fallback;
        }

        var count = (int)Math.Clamp(Math.Round(value), 1, AddressNames.MostNewTokens);
        if (count != value)
            _notices.Add(string.Create(CultureInfo.InvariantCulture,
                $"{AddressNames.MaxNewTokens} {text} is no whole number from 1 to {AddressNames.MostNewTokens:N0}: {count} is used."));
        return count;
    }

    private ImmutableSortedDictionary<string, ValueList<string>> ReadTexts()
    {
        var chosen = ImmutableSortedDictionary<string, ValueList<string>>.Empty;
        foreach (var texts in SamplingStages.Texts.Where(texts => _query.ContainsKey(texts.Name)))
        {
            var entries = ReadStrings(texts.Name);
            foreach (var entry in entries.Where(entry => texts.Problem(entry) is not null))
                _notices.Add($"{texts.Name} '{EscapedText.Escape(entry)}' is left out: {texts.Problem(entry)}.");
            ValueList<string> known = [.. entries.Where(entry => texts.Problem(entry) is null)];
            if (!known.Equals(texts.Default))
                chosen = chosen.SetItem(texts.Name, known);
        }

        return chosen;
    }

    private ImmutableArray<string> ReadStrings(string name)
    {
        var strings = ImmutableArray.CreateBuilder<string>();
        foreach (var text in All(name).Where(text => text.Length > 0))
        {
            if (EscapedText.TryUnescape(text, out var plain, out var error))
                strings.Add(plain);
            else
                _notices.Add($"{name} '{text}' is left out: {error}");
        }

        return [.. strings.Distinct()];
    }

    private ImmutableArray<int> ReadStopTokenIds()
    {
        var ids = ImmutableArray.CreateBuilder<int>();
        foreach (var text in All(AddressNames.StopTokenId).SelectMany(text => text.Split(',')))
        {
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                ids.Add(id);
            else
                _notices.Add($"{AddressNames.StopTokenId} '{text}' is no token id: it is left out.");
        }

        return [.. ids.Distinct()];
    }

    private IEnumerable<string> All(string name) => _query.TryGetValue(name, out var values) ? values.Select(value => value ?? "") : [];
}
