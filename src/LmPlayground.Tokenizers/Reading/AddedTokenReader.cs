using System.Globalization;
using LmPlayground.Tokenizers.Files;
using LmPlayground.Tokenizers.Vocabularies;

namespace LmPlayground.Tokenizers.Reading;

/// <summary>Reads <c>added_tokens</c>, and <c>added_tokens_decoder</c> of the file beside them.</summary>
internal static class AddedTokenReader
{
    /// <param name="list">The tokens of tokenizer.json.</param>
    /// <param name="beside">The tokens of tokenizer_config.json by their ids: what is not in the list is a token all the same, as in transformers.</param>
    /// <param name="vocabulary">The model's vocabulary.</param>
    /// <param name="values">Takes note of a token beside that cannot be used.</param>
    public static IReadOnlyList<AddedToken> Read(JsonSource? list, JsonSource? beside, Vocabulary vocabulary, UsableValues values)
    {
        var byContent = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        foreach (var item in list?.Items() ?? [])
        {
            var content = item.Required("content").AsString();

            // Where both name the token, the vocabulary's id is the one that Hugging Face uses.
            byContent[content] = Make(item, content, vocabulary.TryGetId(content, out var known) ? known : ModelReader.Id(item.Required("id")));
        }

        // Some lists give an id that has another token in tokenizer.json, which counts.
        var taken = byContent.Values.Select(token => token.Id).ToHashSet();
        foreach (var (name, item) in values.Read(beside, source => source.Members().ToArray()) ?? [])
        {
            if (values.Read(item, source => Beside(name, source, vocabulary)) is { } token && !byContent.ContainsKey(token.Content)
                && (vocabulary.TryGetId(token.Content, out _) || (vocabulary.TokenOf(token.Id) is null && taken.Add(token.Id))))
                byContent[token.Content] = token;
        }

        return [.. byContent.Values];
    }

    /// <summary>The id of a token of the file beside, which it lists by their ids.</summary>
    /// <exception cref="ModelLoadException">The name is no id.</exception>
    public static int IdOf(string name, JsonSource item) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id <= Vocabulary.GreatestId
            ? id
            : throw item.Wrong($"\"{name}\" is no token id (0 to {Vocabulary.GreatestId})");

    private static AddedToken Beside(string name, JsonSource item, Vocabulary vocabulary)
    {
        var content = item.Required("content").AsString();
        return Make(item, content, vocabulary.TryGetId(content, out var known) ? known : IdOf(name, item));
    }

    private static AddedToken Make(JsonSource item, string content, int id)
    {
        var special = item.Flag("special");
        return new AddedToken(id, content, item.Flag("single_word"), item.Flag("lstrip"), item.Flag("rstrip"), item.Flag("normalized", !special), special);
    }
}
