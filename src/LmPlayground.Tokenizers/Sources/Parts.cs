using System.Text.Json.Nodes;

namespace LmPlayground.Tokenizers.Sources;

/// <summary>Parts of a tokenizer.json, as converters put them together.</summary>
internal static class Parts
{
    public static JsonObject Of(string type, params (string Name, JsonNode? Value)[] settings)
    {
        var part = new JsonObject { ["type"] = type };
        foreach (var (name, value) in settings)
            part[name] = value;
        return part;
    }

    public static JsonObject Sequence(string list, params JsonNode?[] steps) => Of("Sequence", (list, new JsonArray(steps)));

    public static JsonObject Replace(string from, string to) =>
        Of("Replace", ("pattern", new JsonObject { ["String"] = from }), ("content", to));

    public static JsonObject ReplaceMatches(string expression, string to) =>
        Of("Replace", ("pattern", new JsonObject { ["Regex"] = expression }), ("content", to));

    public static JsonObject Split(string expression, string behavior, bool invert) =>
        Of("Split", ("pattern", new JsonObject { ["Regex"] = expression }), ("behavior", behavior), ("invert", invert));

    public static JsonObject ByteLevel(bool addPrefixSpace, bool useRegex = true, bool trimOffsets = true) =>
        Of("ByteLevel", ("add_prefix_space", addPrefixSpace), ("use_regex", useRegex), ("trim_offsets", trimOffsets));

    /// <summary>Tokens around a text; one that is null is left out.</summary>
    public static JsonObject? Template(string? before, string? after, Func<string, int?> idOf)
    {
        var single = new JsonArray();
        var tokens = new JsonObject();
        Add(before);
        single.Add(new JsonObject { ["Sequence"] = new JsonObject { ["id"] = "A" } });
        Add(after);
        return tokens.Count == 0 ? null : Of("TemplateProcessing", ("single", single), ("special_tokens", tokens));

        void Add(string? token)
        {
            if (token is null || idOf(token) is not { } id)
                return;
            single.Add(new JsonObject { ["SpecialToken"] = new JsonObject { ["id"] = token } });
            tokens[token] = new JsonObject { ["ids"] = new JsonArray(id) };
        }
    }

    /// <summary>The id of a token among the added ones, then in the vocabulary.</summary>
    public static Func<string, int?> IdLookup(JsonArray added, IReadOnlyDictionary<string, int> vocabulary)
    {
        var ids = added.ToDictionary(t => t!["content"]!.GetValue<string>(), t => t!["id"]!.GetValue<int>(), StringComparer.Ordinal);
        return token => ids.TryGetValue(token, out var id) || vocabulary.TryGetValue(token, out id) ? id : null;
    }
}
