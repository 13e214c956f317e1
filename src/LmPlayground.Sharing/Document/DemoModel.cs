using System.Collections.Immutable;

namespace LmPlayground.Sharing.Document;

/// <summary>A model of a demo: what it is called, which files it is, and the tokens of it that are named.</summary>
public sealed record DemoModel
{
    /// <summary>Its id in the catalogue.</summary>
    public required string Id { get; init; }

    /// <summary>Its name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Its family, in Hugging Face's words: "llama".</summary>
    public required string Architecture { get; init; }

    /// <summary>The file of its weights: "onnx/model_q4.onnx"; empty where it has none.</summary>
    public required string WeightsFile { get; init; }

    /// <summary>The variant of the weights: "q4"; null where the file names none.</summary>
    public string? Variant { get; init; }

    /// <summary>SHA-256 over the names and hashes of all files that decide what it computes, in lower-case hexadecimal; empty where it has no files.</summary>
    public required string ContentHash { get; init; }

    /// <summary>The same over the files of its tokenizer.</summary>
    public required string TokenizerHash { get; init; }

    /// <summary>How many logits a position has.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>How many tokens it can attend to; null where nothing limits it.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Why results may differ between runs, or null: the same calls give the same bits.</summary>
    public string? ReproductionCaveat { get; init; }

    /// <summary>The ids of the tokens that the demo names, ascending. Candidates are places in this list.</summary>
    public required ImmutableArray<int> TokenIds { get; init; }

    /// <summary>The tokens of <see cref="TokenIds"/> for people: their texts, their bytes where they are no whole characters, or the names of special ones.</summary>
    public required ImmutableArray<string> TokenTexts { get; init; }
}
