using System.Globalization;
using LmPlayground.Generation.Search;

namespace LmPlayground.Web.State;

/// <summary>A search strategy in an address, under the names that transformers gives its settings.</summary>
internal static class SearchAddress
{
    public const string NumBeams = "num_beams";
    public const string LengthPenalty = "length_penalty";
    public const string EarlyStopping = "early_stopping";
    public const string NumBeamGroups = "num_beam_groups";
    public const string DiversityPenalty = "diversity_penalty";
    public const string BestOf = "best_of";
    public const string GuidanceScale = "guidance_scale";
    public const string NegativePrompt = "negative_prompt";

    /// <summary>What the strategy says that the default does not: names and values.</summary>
    public static IEnumerable<(string Name, string Value)> Write(SearchStrategy strategy)
    {
        if (strategy.Beams is { } beams)
        {
            var usual = new BeamSearchOptions();
            yield return (NumBeams, beams.NumBeams.ToString(CultureInfo.InvariantCulture));
            if (beams.LengthPenalty != usual.LengthPenalty)
                yield return (LengthPenalty, Text(beams.LengthPenalty));
            if (beams.EarlyStopping != usual.EarlyStopping)
                yield return (EarlyStopping, Text(beams.EarlyStopping));
            if (beams.NumBeamGroups != usual.NumBeamGroups)
                yield return (NumBeamGroups, beams.NumBeamGroups.ToString(CultureInfo.InvariantCulture));
            if (beams.DiversityPenalty != usual.DiversityPenalty)
                yield return (DiversityPenalty, Text(beams.DiversityPenalty));
        }

        if (strategy.BestOf is { } bestOf)
            yield return (BestOf, bestOf.Count.ToString(CultureInfo.InvariantCulture));
        if (strategy.GuidanceScale != 1)
            yield return (GuidanceScale, Text(strategy.GuidanceScale));
        if (!string.IsNullOrEmpty(strategy.NegativePrompt))
            yield return (NegativePrompt, strategy.NegativePrompt);
    }

    /// <summary>Reads a strategy. What cannot be used is left at its default, and a notice says so.</summary>
    /// <param name="find">The value of a name, or null.</param>
    /// <param name="notice">Takes what is to be said.</param>
    public static SearchStrategy Read(Func<string, string?> find, Action<string> notice)
    {
        var strategy = new SearchStrategy
        {
            GuidanceScale = Number(find, notice, GuidanceScale, 1, value => value >= 0, "a number of 0 or more"),
            NegativePrompt = find(NegativePrompt) is { Length: > 0 } negative ? negative : null,
        };
        try
        {
            if (find(NumBeams) is not null)
                return strategy with { Beams = Beams(find, notice) };
            if (find(BestOf) is not null)
                return strategy with { BestOf = Best(Whole(find, notice, BestOf, 1)) };
        }
        catch (ArgumentException error)
        {
            notice($"{error.Message} One text is sampled instead.");
        }

        return strategy;
    }

    /// <summary>A value of early_stopping as transformers writes it.</summary>
    public static string Text(EarlyStopping value) => value switch
    {
        Generation.Search.EarlyStopping.WhenFull => "true",
        Generation.Search.EarlyStopping.Never => "never",
        _ => "false",
    };

    private static BeamSearchOptions Beams(Func<string, string?> find, Action<string> notice)
    {
        var usual = new BeamSearchOptions();
        var beams = new BeamSearchOptions
        {
            NumBeams = Whole(find, notice, NumBeams, usual.NumBeams),
            LengthPenalty = Number(find, notice, LengthPenalty, usual.LengthPenalty, double.IsFinite, "a finite number"),
            EarlyStopping = Early(find, notice),
            NumBeamGroups = Whole(find, notice, NumBeamGroups, usual.NumBeamGroups),
            DiversityPenalty = Number(find, notice, DiversityPenalty, usual.DiversityPenalty, value => value >= 0, "a number of 0 or more"),
        };
        beams.Validate();
        return beams;
    }

    private static BestOfOptions Best(int count)
    {
        var options = new BestOfOptions { Count = count };
        options.Validate();
        return options;
    }

    private static EarlyStopping Early(Func<string, string?> find, Action<string> notice)
    {
        var text = find(EarlyStopping);
        foreach (var value in Enum.GetValues<EarlyStopping>())
        {
            if (text == Text(value))
                return value;
        }

        if (text is not null)
            notice($"{EarlyStopping} '{text}' is none of true, false and never: false is used.");
        return Generation.Search.EarlyStopping.Heuristic;
    }

    private static int Whole(Func<string, string?> find, Action<string> notice, string name, int fallback)
    {
        if (find(name) is not { } text)
            return fallback;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            return value;
        notice($"{name} '{text}' is no whole number: {fallback} is used.");
        return fallback;
    }

    private static double Number(Func<string, string?> find, Action<string> notice, string name, double fallback, Func<double, bool> accepts, string range)
    {
        if (find(name) is not { } text)
            return fallback;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) && accepts(value))
            return value;
        notice($"{name} '{text}' is not {range}: {Text(fallback)} is used.");
        return fallback;
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
