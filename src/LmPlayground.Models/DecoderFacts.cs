namespace LmPlayground.Models;

/// <summary>What a loaded model's weights say of themselves.</summary>
internal sealed record DecoderFacts(ModelKind Kind, int VocabularySize, int? ContextLength, string Architecture)
{
    /// <summary>How many of the last tokens the next one depends on, where there is such a number.</summary>
    public int? Window { get; init; }

    /// <summary>How many source tokens an encoder reads, or null where nothing limits it or there is none.</summary>
    public int? SourceContextLength { get; init; }

    /// <summary>What their description says that could not be used, in whole sentences.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>How many weights there are, where counting them is no work.</summary>
    public long? ParameterCount { get; init; }
}
