using System.Text.Json;
using LmPlayground.Tokenizers.Files;
using LmPlayground.Tokenizers.Vocabularies;

namespace LmPlayground.Tokenizers.Reading;

/// <summary>Reads <c>model</c>.</summary>
internal static class ModelReader
{
    public static TokenModel Read(JsonSource source, bool isByteLevel)
    {
        var type = source.Text("type") ?? GuessType(source);
        return type switch
        {
            "BPE" => BpeReader.Read(source, isByteLevel),
            "Unigram" => UnigramReader.Read(source),
            "WordPiece" => ReadWordPiece(source),
            "WordLevel" => ReadWordLevel(source),
            _ => throw source.Wrong($"tokenizer model type {type} is not supported"),
        };
    }

    /// <summary>Files from before tokenizers 0.9 do not name the type; what is there tells them apart.</summary>
    private static string GuessType(JsonSource source)
    {
        if (source.Optional("merges") is not null)
            return "BPE";
        if (source.Optional("vocab") is { Kind: JsonValueKind.Array })
            return "Unigram";
        if (source.Optional("continuing_subword_prefix") is not null)
            return "WordPiece";
        throw source.Wrong("\"type\" is missing");
    }

    private static WordLevelModel ReadWordLevel(JsonSource source)
    {
        var vocabulary = ReadVocabulary(source.Required("vocab"));
        return new WordLevelModel(vocabulary, NamedId(source, "unk_token", vocabulary));
    }

    private static WordPieceModel ReadWordPiece(JsonSource source)
    {
        var vocabulary = ReadVocabulary(source.Required("vocab"));
        return new WordPieceModel(
            vocabulary,
            NamedId(source, "unk_token", vocabulary) ?? throw source.Wrong("\"unk_token\" is missing"),
            source.Optional("continuing_subword_prefix")?.AsString() ?? "##",
            source.Optional("max_input_chars_per_word")?.AsInt32() ?? 100);
    }

    /// <summary>Reads a <c>vocab</c> that maps tokens to ids. Where two tokens have one id, the last is how the id is written.</summary>
    public static Vocabulary ReadVocabulary(JsonSource source)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (token, value) in source.Members())
            ids[token] = Id(value);
        if (ids.Count == 0)
            throw source.Wrong("the vocabulary is empty");
        return new Vocabulary(ids);
    }

    public static int Id(JsonSource source)
    {
        var id = source.AsInt32();
        return id is >= 0 and <= Vocabulary.GreatestId ? id : throw source.Wrong($"{id} is no token id (0 to {Vocabulary.GreatestId})");
    }

    /// <summary>The id of a token that the model names, such as its unknown token.</summary>
    public static int? NamedId(JsonSource model, string name, Vocabulary vocabulary)
    {
        if (model.Optional(name) is not { } source)
            return null;
        var token = source.AsString();
        return vocabulary.TryGetId(token, out var id) ? id : throw source.Wrong($"the token \"{token}\" is not in the vocabulary");
    }
}
