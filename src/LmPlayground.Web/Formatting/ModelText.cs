using System.Globalization;
using LmPlayground.Models;
using LmPlayground.Models.Catalog;
using LmPlayground.Web.Texts;

namespace LmPlayground.Web.Formatting;

/// <summary>What is known of a model, in a few words each.</summary>
internal static class ModelText
{
    /// <summary>What stands where nothing is known.</summary>
    internal const string Unknown = "–";

    /// <summary>The variant that goes without saying: as the weights were trained.</summary>
    internal const string UsualVariant = "full";

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>What kind of model it is, before it is loaded as far as its files tell.</summary>
    internal static string Kind(ModelEntry entry) => entry.Card switch
    {
        { Kind: ModelKind.ConcatCacheDecoder or ModelKind.SharedCacheDecoder, Architecture: var family } => FormatTexts.Get("KindTransformer", family),
        { Kind: ModelKind.EncoderDecoder, Architecture: var family } => FormatTexts.Get("KindEncoderDecoder", family),
        { Kind: ModelKind.Masked, Architecture: var family } => FormatTexts.Get("KindMasked", family),
        { Kind: ModelKind.Recurrent } => FormatTexts.Get("KindRecurrent"),
        { Kind: ModelKind.FeedForward } => FormatTexts.Get("KindFeedForward"),
        { Kind: ModelKind.NGram, Window: { } window } => FormatTexts.Get("KindNGramOf", window + 1),
        { Kind: ModelKind.NGram } => FormatTexts.Get("KindNGram"),
        _ => entry.MaskToken is not null ? FormatTexts.Get("KindMaskedUnknown") : entry.ReadsSource ? FormatTexts.Get("KindEncoderDecoderUnknown") : Unknown,
    };

    /// <summary>How much of a text it sees.</summary>
    internal static string Context(ModelCard? card) => card switch
    {
        null => Unknown,
        { Window: { } window } => window switch
        {
            0 => FormatTexts.Get("ContextNone"),
            1 => FormatTexts.Get("ContextLast"),
            _ => FormatTexts.Get("ContextWindow", window.ToString("N0", Culture)),
        },
        { ContextLength: { } length } => FormatTexts.Get("ContextTokens", length.ToString("N0", Culture)),
        { Kind: ModelKind.Recurrent } => FormatTexts.Get("ContextForgets"),
        _ => FormatTexts.Get("ContextUnlimited"),
    };

    /// <summary>How many weights it has: "5.5 M".</summary>
    internal static string Weights(ModelCard? card) => card?.ParameterCount switch
    {
        null => Unknown,
        >= 1_000_000_000 and var count => string.Create(Culture, $"{count / 1e9:0.0} B"),
        >= 1_000_000 and var count => string.Create(Culture, $"{count / 1e6:0.0} M"),
        { } count => string.Create(Culture, $"{count / 1e3:0} k"),
    };

    /// <summary>Whether it can be used now.</summary>
    internal static string State(ModelEntry entry) => entry.State switch
    {
        ModelState.Ready => entry.MemoryInBytes > 0 ? FormatTexts.Get("StateReadyMemory", Sizes.Text(entry.MemoryInBytes)) : FormatTexts.Get("StateReady"),
        ModelState.Loading => FormatTexts.Get("StateLoading", Math.Floor(entry.Progress * 100)),
        ModelState.Failed => FormatTexts.Get("StateFailed"),
        _ => FormatTexts.Get("StateOnDisk"),
    };

    /// <summary>Whether every word is somewhere in what the list says of a model.</summary>
    /// <param name="entry">The model.</param>
    /// <param name="words">The words; none fit every model.</param>
    internal static bool Fits(ModelEntry entry, IReadOnlyList<string> words) => words.All(word =>
        Has(entry.Name, word) || Has(entry.Id, word) || Has(Kind(entry), word) || Has(State(entry), word) || Has(entry.Variant, word)
        || Has(entry.License, word) || Has(entry.Summary, word));

    private static bool Has(string? text, string word) => text?.Contains(word, StringComparison.OrdinalIgnoreCase) ?? false;
}
