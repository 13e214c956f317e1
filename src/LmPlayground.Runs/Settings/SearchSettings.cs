using System.Collections.Immutable;
using LmPlayground.Generation.Search;
using LmPlayground.Runs.Settings.Formats;

namespace LmPlayground.Runs.Settings;

/// <summary>The settings of a search, under the names that transformers gives them: one declaration each.</summary>
public static class SearchSettings
{
    /// <summary>Beam search, and with how many beams.</summary>
    public static readonly Setting<double> NumBeams = Whole("num_beams", "Beams", BeamSearchOptions.MaxBeams, "How many sequences are followed at the same time; 1 is greedy.");

    /// <summary>The length penalty of beam search.</summary>
    public static readonly Setting<double> LengthPenalty = Number(
        "length_penalty", "Length penalty", double.MinValue, 1, "Scores are divided by length to this power: above 0 favours long texts.");

    /// <summary>When beam search ends.</summary>
    public static readonly Setting<EarlyStopping> EarlyStopping = new("early_stopping", new ChoiceFormat<EarlyStopping>(
        ("false", Generation.Search.EarlyStopping.Heuristic), ("true", Generation.Search.EarlyStopping.WhenFull), ("never", Generation.Search.EarlyStopping.Never)))
    {
        Label = "Ends",
        Help = "When beam search ends: true, false (unless given) or never.",
        Default = Generation.Search.EarlyStopping.Heuristic,
    };

    /// <summary>How many sequences a search returns.</summary>
    public static readonly Setting<double> NumReturnSequences = new("num_return_sequences", new NumberFormat(1, BeamSearchOptions.MaxBeams, isInteger: true) { LeavesOthers = true })
    {
        Label = "Returned",
        Help = "How many sequences are returned, best first.",
        Default = 1,
    };

    /// <summary>How many groups diverse beam search has.</summary>
    public static readonly Setting<double> NumBeamGroups = new("num_beam_groups", new NumberFormat(1, BeamSearchOptions.MaxBeams, isInteger: true) { LeavesOthers = true })
    {
        Label = "Groups",
        Help = "Diverse beam search: groups avoid each other's tokens. 1 is plain beam search.",
        Default = 1,
    };

    /// <summary>The penalty of diverse beam search.</summary>
    public static readonly Setting<double> DiversityPenalty = Number(
        "diversity_penalty", "Diversity penalty", 0, 0, "What a token loses for each beam of an earlier group that took it.");

    /// <summary>Best-of-n, and how many samples.</summary>
    public static readonly Setting<double> BestOf = Whole("best_of", "Samples", BestOfOptions.MaxSamples, "How many are drawn, with seeds from this one on; the likeliest is shown.");

    /// <summary>The scale of classifier-free guidance.</summary>
    public static readonly Setting<double> GuidanceScale = Number(
        "guidance_scale", "Guidance", 0, 1, "Above 1 leads away from the negative prompt (classifier-free guidance). 1 is off; it runs the model twice.");

    /// <summary>What guidance leads away from.</summary>
    public static readonly Setting<string> NegativePrompt = new("negative_prompt", new TextFormat(emptyIsNone: true))
    {
        Label = "Negative prompt",
        Help = "What guidance leads away from; the prompt's last token unless given.",
    };

    /// <summary>One line for each: what it changes of a strategy, and where it stands in one. The first that fits decides what is searched.</summary>
    internal static readonly ImmutableArray<Part<SearchStrategy>> All =
    [
        Part.Of<SearchStrategy, double>(NumBeams, (search, value) => search with { Beams = new BeamSearchOptions { NumBeams = (int)value } }, search => search.Beams?.NumBeams),
        Beam(LengthPenalty, (beams, value) => beams with { LengthPenalty = value }, beams => beams.LengthPenalty),
        Part.Of(EarlyStopping, Of<EarlyStopping>((beams, value) => beams with { EarlyStopping = value }), search => search.Beams?.EarlyStopping),
        Beam(NumBeamGroups, (beams, value) => beams with { NumBeamGroups = (int)value }, beams => beams.NumBeamGroups),
        Beam(DiversityPenalty, (beams, value) => beams with { DiversityPenalty = value }, beams => beams.DiversityPenalty),
        Part.Of<SearchStrategy, double>(
            BestOf,
            (search, value) => search.Beams is null ? search with { BestOf = new BestOfOptions { Count = (int)value } } : search,
            search => search.BestOf?.Count),
        Part.Of<SearchStrategy, double>(
            NumReturnSequences,
            (search, value) => search with
            {
                Beams = search.Beams is { } beams ? beams with { NumReturnSequences = (int)value } : null,
                BestOf = search.BestOf is { } best ? best with { NumReturnSequences = (int)value } : null,
            },
            search => search.Beams?.NumReturnSequences ?? search.BestOf?.NumReturnSequences),
        Part.Of<SearchStrategy, double>(GuidanceScale, (search, value) => search with { GuidanceScale = value }, search => search.GuidanceScale),
        Part.OfText<SearchStrategy>(NegativePrompt, (search, value) => search with { NegativePrompt = value }, search => search.NegativePrompt),
    ];

    /// <summary>All of them, in the order in which an address has them.</summary>
    public static IEnumerable<Setting> Settings => All.Select(part => part.Setting);

    /// <summary>Which setting each of these refines: without that one it does nothing.</summary>
    internal static readonly ImmutableArray<(Setting Setting, ImmutableArray<Setting> Needs)> Needs =
    [
        (LengthPenalty, [NumBeams]), (EarlyStopping, [NumBeams]), (NumBeamGroups, [NumBeams]), (DiversityPenalty, [NumBeams]),
        (NumReturnSequences, [NumBeams, BestOf]),
    ];

    private static Part<SearchStrategy> Beam(
        Setting<double> setting, Func<BeamSearchOptions, double, BeamSearchOptions> change, Func<BeamSearchOptions, double> find) =>
        Part.Of(setting, Of(change), search => search.Beams is { } beams ? find(beams) : null);

    private static Func<SearchStrategy, T, SearchStrategy> Of<T>(Func<BeamSearchOptions, T, BeamSearchOptions> change) =>
        (search, value) => search.Beams is { } beams ? search with { Beams = change(beams, value) } : search;

    private static Setting<double> Whole(string name, string label, int most, string help) =>
        new(name, new NumberFormat(1, most, isInteger: true) { LeavesOthers = true }) { Label = label, Help = help };

    private static Setting<double> Number(string name, string label, double minimum, double neutral, string help) =>
        new(name, new NumberFormat(minimum, double.MaxValue) { LeavesOthers = true }) { Label = label, Help = help, Default = neutral };
}
