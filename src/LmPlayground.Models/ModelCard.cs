using System.Collections.Immutable;

namespace LmPlayground.Models;

/// <summary>What is known of a model without running it: from its graph, <c>config.json</c>, <c>generation_config.json</c>, tokenizer and files.</summary>
public sealed record ModelCard
{
    /// <summary>What the command line and the address call it: the folder's name.</summary>
    public required string Id { get; init; }

    /// <summary>What the page calls it.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for people, or empty.</summary>
    public string Summary { get; init; } = "";

    /// <summary>The family in Hugging Face's words (<c>model_type</c>): "llama", "gpt2", "lstm".</summary>
    public required string Architecture { get; init; }

    /// <summary>How it carries its past.</summary>
    public required ModelKind Kind { get; init; }

    /// <summary>How many weights it has (n-grams, for a model of these), or null if nothing says so.</summary>
    public long? ParameterCount { get; init; }

    /// <summary>How many logits a position has. The tokenizer may know fewer ids (padding of the embedding table), or more (tokens that the weights were never given).</summary>
    public required int VocabularySize { get; init; }

    /// <summary>How many tokens it can attend to, or null where nothing limits it.</summary>
    public required int? ContextLength { get; init; }

    /// <summary>How many of the last tokens its next one depends on: a feed-forward network's window, an n-gram's order less one; null for models of other kinds.</summary>
    public int? Window { get; init; }

    /// <summary>How many source tokens an encoder-decoder's encoder reads; null where nothing limits it, and for models of other kinds.</summary>
    public int? SourceContextLength { get; init; }

    /// <summary>SPDX name of the licence of the weights, or null.</summary>
    public string? License { get; init; }

    /// <summary>The id that begins a sequence, or null.</summary>
    public int? BeginningOfSequenceId { get; init; }

    /// <summary>The ids that end a text, in the order of <c>generation_config.json</c>; may be empty.</summary>
    public ImmutableArray<int> EndOfSequenceIds { get; init; } = [];

    /// <summary>Ids put in front of every prompt besides those that the tokenizer itself adds.</summary>
    public ImmutableArray<int> PromptPrefixIds { get; init; } = [];

    /// <summary>How a masked model's hidden token is written in a text ("[MASK]"); null for models of other kinds.</summary>
    public string? MaskToken { get; init; }

    /// <summary>What the model's makers recommend, from <c>generation_config.json</c>.</summary>
    public GenerationDefaults Defaults { get; init; } = new();

    /// <summary>Prompts that suit it; may be empty.</summary>
    public ImmutableArray<string> ExamplePrompts { get; init; } = [];

    /// <summary>How a conversation becomes a prompt, or null: the model was not made for conversations.</summary>
    public IChatTemplate? ChatTemplate { get; init; }

    /// <summary>The files that decide what it computes, in the order of their names.</summary>
    public ImmutableArray<ModelFile> Files { get; init; } = [];

    /// <summary>SHA-256 over the names and hashes of <see cref="Files"/>, in lower-case hexadecimal: equal hashes are equal models.</summary>
    public string ContentHash { get; init; } = "";

    /// <summary>What its files say that could not be used, in whole sentences; the model runs without it. Mostly empty.</summary>
    public ImmutableArray<string> Notices { get; init; } = [];

    /// <summary>Why results may differ between runs (dynamic quantisation depends on the batch), or null: the same calls give the same bits.</summary>
    public string? ReproductionCaveat { get; init; }
}
