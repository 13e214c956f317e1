using System.Text.Json.Nodes;
using LmPlayground.Tokenizers.Files;

namespace LmPlayground.Tokenizers.Sources;

/// <summary>BERT's <c>vocab.txt</c>: a token a line.</summary>
internal static class WordPieceConverter
{
    public static JsonObject Convert(string path, TokenizerSettings settings)
    {
        var lines = TextLines.Read(path);
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var id = 0; id < lines.Length; id++)
            vocabulary[lines[id]] = id;
        var unknown = settings.Token("unk_token") ?? "[UNK]";
        var begin = settings.Token("cls_token") ?? "[CLS]";
        var end = settings.Token("sep_token") ?? "[SEP]";
        if (!vocabulary.ContainsKey(unknown))
            throw new ModelLoadException(path, $"has no token \"{unknown}\" for unknown words; it is no vocabulary of BERT's kind.");

        string[] special = [unknown, begin, end, settings.Token("pad_token") ?? "[PAD]", settings.Token("mask_token") ?? "[MASK]"];
        var added = settings.AddedTokens(vocabulary, special.Where(vocabulary.ContainsKey).Select(token => (token, true)));
        var lowercase = settings.Flag("do_lower_case") ?? true;
        return new JsonObject
        {
            ["added_tokens"] = added,
            ["normalizer"] = Parts.Of(
                "BertNormalizer",
                ("clean_text", true),
                ("handle_chinese_chars", settings.Flag("tokenize_chinese_chars") ?? true),
                ("strip_accents", settings.Flag("strip_accents")),
                ("lowercase", lowercase)),
            ["pre_tokenizer"] = Parts.Of("BertPreTokenizer"),
            ["post_processor"] = Parts.Template(begin, end, Parts.IdLookup(added, vocabulary)),
            ["decoder"] = Parts.Of("WordPiece", ("prefix", "##"), ("cleanup", true)),
            ["model"] = Parts.Of(
                "WordPiece",
                ("unk_token", unknown),
                ("continuing_subword_prefix", "##"),
                ("max_input_chars_per_word", 100),
                ("vocab", new JsonObject(vocabulary.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value))))),
        };
    }
}
