using System.Text.Json;
using System.Text.Json.Nodes;
using LmPlayground.Tokenizers.Files;
using LmPlayground.Tokenizers.Reading;

namespace LmPlayground.Tokenizers.Sources;

/// <summary>What the files beside a vocabulary say: the tokenizer's class, its settings, and the tokens that were added.</summary>
/// <exception cref="ModelLoadException">One of the files is malformed.</exception>
internal sealed class TokenizerSettings(ModelFolder folder)
{
    private static readonly string[] Roles = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    private readonly JsonSource? _config = folder.ReadJson("tokenizer_config.json");
    private readonly JsonSource? _map = folder.ReadJson("special_tokens_map.json");
    private readonly JsonSource? _added = folder.ReadJson("added_tokens.json");
    private readonly string? _modelType = folder.ReadJson("config.json")?.Text("model_type");

    /// <summary>The tokenizer's class in lower case, without "tokenizer" and "fast"; the model's type where no class is named.</summary>
    public string Family =>
        (_config?.Text("tokenizer_class") ?? _modelType ?? "").ToLowerInvariant()
            .Replace("tokenizer", "", StringComparison.Ordinal).Replace("fast", "", StringComparison.Ordinal)
            .Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);

    public bool? Flag(string name) => _config?.Optional(name)?.AsBoolean();

    /// <summary>The token of a role such as <c>bos_token</c>.</summary>
    public string? Token(string role) => (_config?.Optional(role) ?? _map?.Optional(role)) is { } stated ? Content(stated) : null;

    /// <summary>
    /// The <c>added_tokens</c> of a tokenizer.json: those with ids of their own, and every token with a role, special and found as it is written.
    /// </summary>
    /// <param name="vocabulary">The ids that are taken.</param>
    /// <param name="further">Tokens that the vocabulary itself or the class declares, by content, with whether they are special.</param>
    public JsonArray AddedTokens(IReadOnlyDictionary<string, int> vocabulary, IEnumerable<(string Content, bool Special)> further)
    {
        var tokens = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        var ids = new Dictionary<string, int>(vocabulary, StringComparer.Ordinal);
        foreach (var (name, value) in _config?.Optional("added_tokens_decoder")?.Members() ?? [])
        {
            var content = value.Required("content").AsString();
            if (!int.TryParse(name, System.Globalization.CultureInfo.InvariantCulture, out var id))
                throw value.Wrong($"\"{name}\" is no token id");
            ids.TryAdd(content, id);
            tokens[content] = Make(content, value, value.Flag("special"));
        }

        foreach (var (content, id) in _added?.Members() ?? [])
        {
            ids.TryAdd(content, ModelReader.Id(id));
            tokens.TryAdd(content, Make(content, null, special: false));
        }

        foreach (var (content, special) in further)
            tokens.TryAdd(content, Make(content, null, special));
        foreach (var stated in Stated())
        {
            var content = Content(stated);
            if (!tokens.TryGetValue(content, out var token))
                tokens[content] = token = Make(content, stated.Kind == JsonValueKind.Object ? stated : null, special: true);
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

            if (file?.Optional("additional_special_tokens") is { Kind: JsonValueKind.Array } list)
            {
                foreach (var item in list.Items())
                    yield return item;
            }
        }
    }

    private static string Content(JsonSource stated) => stated.Kind == JsonValueKind.Object ? stated.Required("content").AsString() : stated.AsString();

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
