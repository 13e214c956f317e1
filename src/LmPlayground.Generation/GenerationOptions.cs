namespace LmPlayground.Generation;

/// <summary>How the engine works; none of it changes what is generated, save <see cref="PromptChunk"/>, which is part of the arithmetic.</summary>
public sealed class GenerationOptions
{
    /// <summary>The name of the section in a configuration file.</summary>
    public const string Section = "Generation";

    /// <summary>
    /// How many prompt tokens go through the model at once, 1 to 4,096. Reading a prompt in other pieces can change logits in their last
    /// bits, so two servers that must agree bit for bit use the same value.
    /// </summary>
    public int PromptChunk { get; set; } = 64;

    /// <summary>How many finished sequences keep their key-value cache for a later run over the same prompt: 0 to 1,024.</summary>
    public int IdleSequences { get; set; } = 4;

    /// <summary>How many sources stay encoded for a later run over the same one: 1 to 1,024.</summary>
    public int EncodedSources { get; set; } = 4;

    /// <summary>
    /// How much memory the logits of past steps may take, all runs together, in bytes; those of a long masked text, which come all at once, are
    /// part of it.
    /// </summary>
    public long KeptLogitsBytes { get; set; } = 512L << 20;

    /// <summary>What the logits of one masked text may take whatever is kept, in bytes: a usual one (512 tokens over 30,522) always runs.</summary>
    internal long UsualTextBytes { get; set; } = 64L << 20;
}
