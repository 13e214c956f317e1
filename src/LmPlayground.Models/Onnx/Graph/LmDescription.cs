using System.Collections.Immutable;
using System.Text.Json;
using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Files;

namespace LmPlayground.Models.Onnx.Graph;

/// <summary>
/// <c>lm.json</c>: how to run a model that is no Transformer. <c>kind</c> is "recurrent" (tokens and states in, logits and
/// states out) or "window" (the last tokens in, the next token's logits out).
/// </summary>
internal sealed record LmDescription
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>Recurrent or Window.</summary>
    public required ModelKind Kind { get; init; }

    /// <summary>The family, if the file names one.</summary>
    public string? ModelType { get; init; }

    /// <summary>What could not be used, in whole sentences.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>The input that takes token ids.</summary>
    public required string TokensName { get; init; }

    /// <summary>The output that gives logits.</summary>
    public required string LogitsName { get; init; }

    /// <summary>How many logits a position has.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>How many tokens the window holds; 0 for a recurrent model.</summary>
    public int Window { get; init; }

    /// <summary>What fills the window in front of a shorter text.</summary>
    public int PadId { get; init; }

    /// <summary>The states that are carried from one run to the next.</summary>
    public ImmutableArray<LmState> States { get; init; } = [];

    /// <summary>Reads <paramref name="path"/>, or gives null if there is no such file.</summary>
    /// <exception cref="ModelLoadException">It is no JSON, or a property is missing or wrong.</exception>
    public static LmDescription? TryRead(string path)
    {
        if (JsonSource.TryRead(path) is not { } file)
            return null;
        var kind = file.Required("kind");
        var recurrent = kind.AsString() == "recurrent";
        if (!recurrent && kind.AsString() != "window")
            throw kind.Wrong($"\"{kind.AsString()}\" is not a kind; known are \"recurrent\", \"window\" and \"ngram\"");
        var vocabulary = Required(file, "vocab_size");
        var pad = recurrent ? 0 : Required(file, "pad_token_id", 0);
        if (pad >= vocabulary)
            throw file.Required("pad_token_id").Wrong($"{pad} is outside the vocabulary of {vocabulary}");
        UsableValues values = new();
        return new LmDescription
        {
            Path = path,
            Kind = recurrent ? ModelKind.Recurrent : ModelKind.FeedForward,
            ModelType = values.Read(file.Optional("model_type"), value => value.AsString()),
            TokensName = file.Required("inputs").Required("tokens").AsString(),
            LogitsName = file.Required("outputs").Required("logits").AsString(),
            VocabularySize = vocabulary,
            Window = recurrent ? 0 : Required(file, "window"),
            PadId = pad,
            States = recurrent ? StatesOf(file.Required("state")) : [],
            Notices = values.Notices,
        };
    }

    private static int Required(JsonSource file, string name, int least = 1) =>
        file.Integer(name, least) ?? throw file.Wrong($"\"{name}\" is missing");

    private static ImmutableArray<LmState> StatesOf(JsonSource list)
    {
        ImmutableArray<LmState> states = [.. list.Items().Select(state => new LmState(
            state.Required("input").AsString(), state.Required("output").AsString(), ShapeOf(state.Required("shape"))))];
        return states.IsEmpty ? throw list.Wrong("at least one state was expected") : states;
    }

    // A text is a symbolic dimension: the batch, of which a session is one.
    private static ImmutableArray<long> ShapeOf(JsonSource shape) =>
        [.. shape.Items().Select(length => length.Kind switch
        {
            JsonValueKind.String => 1L,
            JsonValueKind.Number when length.AsInt32() is > 0 and var positive => positive,
            _ => throw shape.Wrong("a list of positive whole numbers and names was expected"),
        })];
}

/// <summary>One state of a recurrent model.</summary>
/// <param name="Input">The input that takes it.</param>
/// <param name="Output">The output that gives the next one.</param>
/// <param name="Shape">Its shape for a batch of one.</param>
internal sealed record LmState(string Input, string Output, ImmutableArray<long> Shape);
