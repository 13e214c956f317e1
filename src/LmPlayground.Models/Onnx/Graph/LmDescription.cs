using System.Collections.Immutable;
using System.Text.Json;

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
        if (JsonFile.TryRead(path) is not { } file)
            return null;
        string kind = file.Text(file.Root, "kind") ?? throw file.Missing("kind");
        bool recurrent = kind == "recurrent";
        if (!recurrent && kind != "window")
            throw new ModelLoadException(path, $"'kind' is \"{kind}\"; known are \"recurrent\", \"window\" and \"ngram\".");
        int vocabulary = file.Integer(file.Root, "vocab_size") ?? throw file.Missing("vocab_size");
        int pad = recurrent ? 0 : file.Integer(file.Root, "pad_token_id", 0) ?? throw file.Missing("pad_token_id");
        if (pad >= vocabulary)
            throw new ModelLoadException(path, $"'pad_token_id' is {pad}, outside the vocabulary of {vocabulary}.");
        return new LmDescription
        {
            Path = path,
            Kind = recurrent ? ModelKind.Recurrent : ModelKind.Window,
            ModelType = file.Text(file.Root, "model_type"),
            TokensName = NameOf(file, "inputs", "tokens"),
            LogitsName = NameOf(file, "outputs", "logits"),
            VocabularySize = vocabulary,
            Window = recurrent ? 0 : file.Integer(file.Root, "window") ?? throw file.Missing("window"),
            PadId = pad,
            States = recurrent ? StatesOf(file) : [],
        };
    }

    private static string NameOf(JsonFile file, string group, string name)
    {
        return JsonFile.Get(file.Root, group) is { } parent && file.Text(parent, name) is { } text ? text : throw file.Missing($"{group}.{name}");
    }

    private static ImmutableArray<LmState> StatesOf(JsonFile file)
    {
        if (JsonFile.Get(file.Root, "state") is not { ValueKind: JsonValueKind.Array } states || states.GetArrayLength() == 0)
            throw file.Missing("state");
        return [.. states.EnumerateArray().Select(s => new LmState(
            file.Text(s, "input") ?? throw file.Missing("state.input"),
            file.Text(s, "output") ?? throw file.Missing("state.output"),
            ShapeOf(file, s)))];
    }

    private static ImmutableArray<long> ShapeOf(JsonFile file, JsonElement state)
    {
        if (JsonFile.Get(state, "shape") is not { ValueKind: JsonValueKind.Array } shape)
            throw file.Missing("state.shape");

        // A text is a symbolic dimension: the batch, of which a session is one.
        return [.. shape.EnumerateArray().Select(d => d.ValueKind switch
        {
            JsonValueKind.String => 1L,
            JsonValueKind.Number when d.TryGetInt32(out int length) && length > 0 => length,
            _ => throw file.Wrong("state.shape", shape, "a list of positive integers and names"),
        })];
    }
}

/// <summary>One state of a recurrent model.</summary>
/// <param name="Input">The input that takes it.</param>
/// <param name="Output">The output that gives the next one.</param>
/// <param name="Shape">Its shape for a batch of one.</param>
internal sealed record LmState(string Input, string Output, ImmutableArray<long> Shape);
