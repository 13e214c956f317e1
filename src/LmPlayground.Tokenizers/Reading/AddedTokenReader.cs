using System.Globalization;
using System.Text.Json;
using LmPlayground.Tokenizers.Files;
using LmPlayground.Tokenizers.Vocabularies;

namespace LmPlayground.Tokenizers.Reading;

/// <summary>Reads <c>added_tokens</c>, and <c>added_tokens_decoder</c> of the file beside them.</summary>
internal static class AddedTokenReader
{
    /// <param name="list">The tokens of tokenizer.json.</param>
    /// <param name="beside">The tokens of tokenizer_config.json by their ids: what is not in the list is a token all the same, as in transformers.</param>
    /// <param name="vocabulary">The model's vocabulary.</param>
    public static IReadOnlyList<AddedToken> Read(JsonSource? list, JsonSource? beside, Vocabulary vocabulary)
    {
        var byContent = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        foreach (var item in list?.Items() ?? [])
        {
            var content = item.Required("content").AsString();

            // Where both name the token, the vocabulary's id is the one that Hugging Face uses.
            byContent[content] = Make(item, content, vocabulary.TryGetId(content, out var known) ? known : ModelReader.Id(item.Required("id")));
        }

        if (beside is not { Kind: JsonValueKind.Object } further)
            return [.. byContent.Values];

        // Some lists give an id that has another token in tokenizer.json, which counts.
        var taken = byContent.Values.Select(token => token.Id).ToHashSet();
        foreach (var (name, item) in further.Members())
        {
            if (TryRead(name, item, vocabulary) is { } token && !byContent.ContainsKey(token.Content)
                && (vocabulary.TryGetId(token.Content, out _) || (vocabulary.TokenOf(token.Id) is null && taken.Add(token.Id))))
                byContent[token.Content] = token;
        }

        return [.. byContent.Values];
    }

    /// <summary>A token of the file beside, which is of use and not needed: null for one that cannot be read.</summary>
    private static AddedToken? TryRead(string name, JsonSource item, Vocabulary vocabulary)
    {
        try
        {
            var content = item.Required("content").AsString();
            if (vocabulary.TryGetId(content, out var known))
                return Make(item, content, known);
            return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id <= Vocabulary.GreatestId
                ? Make(item, content, id)
                : null;
        }
        catch (ModelLoadException)
        {
            return null;
        }
    }

    private static AddedToken Make(JsonSource item, string content, int id)
    {
        var special = item.Flag("special");
        return new AddedToken(id, content, item.Flag("single_word"), item.Flag("lstrip"), item.Flag("rstrip"), item.Flag("normalized", !special), special);
    }
}
