using System.Text.Json;
using System.Text.Json.Nodes;
using LmPlayground.Tokenizers.Files;
using LmPlayground.Tokenizers.Reading;

namespace LmPlayground.Tokenizers.Sources;

/// <summary>What the files beside a vocabulary say: the tokenizer's class, its settings, and the tokens that were added.</summary>
/// <param name="folder">Where they lie.</param>
/// <param name="values">Takes note of what cannot be used.</param>
/// <exception cref="ModelLoadException">One of the files is no JSON.</exception>
internal sealed class TokenizerSettings(ModelFolder folder, UsableValues values)
{
    private static readonly string[] Roles = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    private readonly JsonSource? _config = folder.ReadJson("tokenizer_config.json");
    private readonly JsonSource? _map = folder.ReadJson("special_tokens_map.json");
    private readonly JsonSource? _added = folder.ReadJson("added_tokens.json");

    /// <summary>The tokenizer's class in lower case, without "tokenizer" and "fast"; the model's type where no class is named.</summary>
    public string Family =>
        (Text(_config?.Optional("tokenizer_class")) ?? Text(folder.ReadJson("config.json")?.Optional("model_type")) ?? "").ToLowerInvariant()
            .Replace("tokenizer", "", StringComparison.Ordinal).Replace("fast", "", StringComparison.Ordinal)
            .Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);

    public bool? Flag(string name) => values.Read(_config?.Optional(name), value => (bool?)value.AsBoolean());

    /// <summary>The token of a role such as <c>bos_token</c>.</summary>
    public string? Token(string role) => Content(_config?.Optional(role)) ?? Content(_map?.Optional(role));

    /// <summary>
    /// The <c>added_tokens</c> of a tokenizer.json: those with ids of their own, and every token with a role, special and found as it is written.
    /// </summary>
    /// <param name="vocabulary">The ids that are taken.</param>
    /// <param name="further">Tokens that the vocabulary itself or the class declares, by content, with whether they are special.</param>
    public JsonArray AddedTokens(IReadOnlyDictionary<string, int> vocabulary, IEnumerable<(string Content, bool Special)> further)
    {
        var tokens = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        var ids = new Dictionary<string, int>(vocabulary, StringComparer.Ordinal);
        foreach (var (name, item) in Members(_config?.Optional("added_tokens_decoder")))
        {
            if (values.Read(item, value => (Id: AddedTokenReader.IdOf(name, value), Token: Make(value, value.Flag("special")))) is not ({ } id, { } token))
                continue;
            var content = token["content"]!.GetValue<string>();
            ids.TryAdd(content, id);
            tokens[content] = token;
        }

        foreach (var (content, item) in Members(_added))
        {
            if (values.Read(item, value => (int?)ModelReader.Id(value)) is not { } id)
                continue;
            ids.TryAdd(content, id);
            tokens.TryAdd(content, Make(content, null, special: false));
        }

        foreach (var (content, special) in further)
            tokens.TryAdd(content, Make(content, null, special));
        foreach (var stated in Stated())
        {
            if (Content(stated) is not { } content)
                continue;
            if (!tokens.TryGetValue(content, out var token))
            {
                token = stated.Kind == JsonValueKind.Object ? values.Read(stated, value => Make(value, special: true)) : Make(content, null, special: true);
                if (token is null)
                    continue;
                tokens[content] = token;
            }

            if (token["special"]!.GetValue<bool>())
                continue;
            token["special"] = true;
            token["normalized"] = false;
        }

        // A token without an id comes after all others, as transformers adds it.
        var next = ids.Count == 0 ? 0 : ids.Values.Max() + 1;
        foreach (var (content, token) in tokens)
        {
            if (!ids.TryGetValue(content, out var id))
                id = ids[content] = next++;
            token["id"] = id;
        }

        return [.. tokens.Values];
    }

    private IEnumerable<JsonSource> Stated()
    {
        foreach (var file in (JsonSource?[])[_config, _map])
        {
            foreach (var role in Roles)
            {
                if (file?.Optional(role) is { } stated)
                    yield return stated;
            }

            foreach (var item in values.Read(file?.Optional("additional_special_tokens"), value => value.Items().ToArray()) ?? [])
                yield return item;
        }
    }

    private (string Name, JsonSource Value)[] Members(JsonSource? stated) => values.Read(stated, value => value.Members().ToArray()) ?? [];

    private string? Text(JsonSource? stated) => values.Read(stated, value => value.AsString());

    private string? Content(JsonSource? stated) =>
        values.Read(stated, value => value.Kind == JsonValueKind.Object ? value.Required("content").AsString() : value.AsString());

    private static JsonObject Make(JsonSource stated, bool special) => Make(stated.Required("content").AsString(), stated, special);

    private static JsonObject Make(string content, JsonSource? flags, bool special) => new()
    {
        ["content"] = content,
        ["single_word"] = flags?.Flag("single_word") ?? false,
        ["lstrip"] = flags?.Flag("lstrip") ?? false,
        ["rstrip"] = flags?.Flag("rstrip") ?? false,
        ["normalized"] = flags?.Flag("normalized", !special) ?? !special,
        ["special"] = special,
    };
}
