using LmPlayground.Tokenizers.Files;
using LmPlayground.Tokenizers.Vocabularies;

namespace LmPlayground.Tokenizers.Reading;

/// <summary>Reads <c>added_tokens</c>.</summary>
internal static class AddedTokenReader
{
    public static IReadOnlyList<AddedToken> Read(JsonSource? list, Vocabulary vocabulary)
    {
        var byContent = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        var byId = new Dictionary<int, string>();
        foreach (var item in list?.Items() ?? [])
        {
            var content = item.Required("content").AsString();

            // Where both name the token, the vocabulary's id is the one that Hugging Face uses.
            var id = vocabulary.TryGetId(content, out var known) ? known : ModelReader.Id(item.Required("id"));
            var special = item.Flag("special");
            if (!byId.TryAdd(id, content) && byId[id] != content)
                throw item.Wrong($"the id {id} is given to \"{byId[id]}\" and to \"{content}\"");
            byContent[content] = new AddedToken(
                id, content, item.Flag("single_word"), item.Flag("lstrip"), item.Flag("rstrip"), item.Flag("normalized", !special), special);
        }

        return [.. byContent.Values];
    }
}
