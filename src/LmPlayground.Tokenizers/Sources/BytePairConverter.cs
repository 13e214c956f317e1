using System.Text.Json.Nodes;
using LmPlayground.Tokenizers.Files;
using LmPlayground.Tokenizers.Reading;

namespace LmPlayground.Tokenizers.Sources;

/// <summary><c>vocab.json</c> and <c>merges.txt</c>: GPT-2's files, and those of the classes that followed it.</summary>
internal static class BytePairConverter
{
    private const string Qwen2Words =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string ClipWords = @"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+";

    public static JsonObject Convert(string vocabularyPath, string mergesPath, TokenizerSettings settings)
    {
        var vocabulary = ModelReader.ReadVocabulary(JsonSource.Read(vocabularyPath)).Ids;
        var (begin, end, unknown) = Tokens(settings, vocabulary);
        string[] special = [begin, end, unknown, .. ClassTokens(settings)];
        var added = settings.AddedTokens(vocabulary, special.Where(vocabulary.ContainsKey).Select(token => (token, true)));
        var idOf = Parts.IdLookup(added, vocabulary);
        var model = Parts.Of(
            "BPE",
            ("vocab", new JsonObject(vocabulary.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value)))),
            ("merges", ReadMerges(mergesPath)));
        var json = new JsonObject
        {
            ["added_tokens"] = added,
            ["decoder"] = Parts.ByteLevel(addPrefixSpace: true),
            ["model"] = model,
        };

        var addPrefixSpace = settings.Flag("add_prefix_space") ?? false;
        switch (settings.Family)
        {
            case "qwen2":
                json["normalizer"] = Parts.Of("NFC");
                json["pre_tokenizer"] = Parts.Sequence(
                    "pretokenizers", Parts.Split(Qwen2Words, "Isolated", invert: false), Parts.ByteLevel(addPrefixSpace, useRegex: false));
                break;
            case "roberta" or "xlmroberta" or "bart" or "longformer" or "led" or "mvp":
                json["pre_tokenizer"] = Parts.ByteLevel(addPrefixSpace);
                json["post_processor"] = Around(settings.Token("cls_token") ?? begin, settings.Token("sep_token") ?? end, addPrefixSpace, trimOffsets: true);
                break;
            case "deberta":
                json["pre_tokenizer"] = Parts.ByteLevel(addPrefixSpace);
                json["post_processor"] = Parts.Template(settings.Token("cls_token") ?? "[CLS]", settings.Token("sep_token") ?? "[SEP]", idOf);
                break;
            case "clip":
                json["normalizer"] = Parts.Sequence("normalizers", Parts.Of("NFC"), Parts.ReplaceMatches(@"\s+", " "), Parts.Of("Lowercase"));
                json["pre_tokenizer"] = Parts.Sequence("pretokenizers", Parts.Split(ClipWords, "Removed", invert: true), Parts.ByteLevel(false));
                json["post_processor"] = Around(begin, end, addPrefixSpace: false, trimOffsets: false);
                model["end_of_word_suffix"] = "</w>";
                model["unk_token"] = unknown;
                break;
            case "openaigpt":
                json["normalizer"] = Parts.Of("BertNormalizer", ("lowercase", true));
                json["pre_tokenizer"] = Parts.Of("BertPreTokenizer");
                json["decoder"] = Parts.Of("BPEDecoder", ("suffix", "</w>"));
                model["end_of_word_suffix"] = "</w>";
                model["unk_token"] = unknown;
                break;
            default:
                json["pre_tokenizer"] = Parts.ByteLevel(addPrefixSpace);
                json["post_processor"] = settings.Flag("add_bos_token") == true ? Parts.Template(begin, null, idOf) : null;
                break;
        }

        return json;

        JsonObject Around(string before, string after, bool addPrefixSpace, bool trimOffsets) => Parts.Of(
            "RobertaProcessing",
            ("cls", new JsonArray(before, IdOf(before))),
            ("sep", new JsonArray(after, IdOf(after))),
            ("add_prefix_space", addPrefixSpace),
            ("trim_offsets", trimOffsets));

        int IdOf(string token) => idOf(token)
            ?? throw new ModelLoadException(vocabularyPath, $"has no token \"{token}\", which its tokenizer's class puts around a text.");
    }

    private static (string Begin, string End, string Unknown) Tokens(TokenizerSettings settings, IReadOnlyDictionary<string, int> vocabulary)
    {
        var (begin, end, unknown) = settings.Family switch
        {
            "clip" => ("<|startoftext|>", "<|endoftext|>", "<|endoftext|>"),
            "openaigpt" => ("<unk>", "<unk>", "<unk>"),
            _ => vocabulary.ContainsKey("<s>") ? ("<s>", "</s>", "<unk>") : ("<|endoftext|>", "<|endoftext|>", "<|endoftext|>"),
        };
        return (settings.Token("bos_token") ?? begin, settings.Token("eos_token") ?? end, settings.Token("unk_token") ?? unknown);
    }

    /// <summary>What a class declares though no file says so.</summary>
    private static string[] ClassTokens(TokenizerSettings settings) =>
        settings.Family is "roberta" or "bart" or "longformer" or "led" or "mvp" ? ["<pad>", "<mask>"] : [];

    /// <summary>A merge a line; a first line may give the version.</summary>
    private static JsonArray ReadMerges(string path)
    {
        var merges = new JsonArray();
        var lines = TextLines.Read(path);
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0 || (i == 0 && lines[i].StartsWith("#version", StringComparison.Ordinal)))
                continue;
            var parts = lines[i].Split(' ');
            if (parts is not [{ Length: > 0 } left, { Length: > 0 } right])
                throw new ModelLoadException(path, $"line {i + 1} is not two tokens with a space between them.");
            merges.Add((JsonNode)new JsonArray(left, right));
        }

        return merges;
    }
}
