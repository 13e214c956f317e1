using System.Text.Json;
using LmPlayground.Tokenizers.Files;
using LmPlayground.Tokenizers.Vocabularies;

namespace LmPlayground.Tokenizers.Reading;

/// <summary>Reads a <c>model</c> of type BPE.</summary>
internal static class BpeReader
{
    /// <param name="source">The model.</param>
    /// <param name="isByteLevel">Whether words come from a ByteLevel pre-tokenizer that has not spelled them.</param>
    public static TokenModel Read(JsonSource source, bool isByteLevel)
    {
        var vocabulary = ModelReader.ReadVocabulary(source.Required("vocab"));
        var prefix = source.Optional("continuing_subword_prefix")?.AsString() ?? "";
        var merges = new List<(int, int, int)>();
        var lines = new List<string>();
        foreach (var item in source.Required("merges").Items())
        {
            var (left, right) = Pair(item);
            var merged = left + (right.StartsWith(prefix, StringComparison.Ordinal) ? right[prefix.Length..] : right);
            merges.Add((IdOf(left), IdOf(right), IdOf(merged)));
            lines.Add($"{left} {right}");

            int IdOf(string token) =>
                vocabulary.TryGetId(token, out var id) ? id : throw item.Wrong($"the merge of \"{left}\" and \"{right}\" needs the token \"{token}\", which is not in the vocabulary");
        }

        // Dropout is for training; a tokenizer that uses it would not give the same tokens twice.
        if (source.Optional("dropout") is { } dropout && dropout.AsDouble() != 0)
            throw dropout.Wrong("dropout is for training only and must be null");

        // Such a model spells words itself, and fast; every byte has a token, so nothing is ever unknown.
        var suffix = source.Text("end_of_word_suffix") ?? "";
        var ignoresMerges = source.Flag("ignore_merges");
        if (isByteLevel && prefix.Length + suffix.Length == 0 && (ByteLevelBpeModel.HasAllBytes(vocabulary) || source.Optional("unk_token") is null))
            return new ByteLevelBpeModel(vocabulary, lines, new MergeTable(merges), ignoresMerges);
        return new CharacterBpeModel(vocabulary, new MergeTable(merges), new CharacterBpeOptions
        {
            UnknownId = ModelReader.NamedId(source, "unk_token", vocabulary),
            FuseUnknown = source.Flag("fuse_unk"),
            ByteFallback = source.Flag("byte_fallback"),
            IgnoreMerges = ignoresMerges,
            ContinuingPrefix = prefix,
            WordSuffix = suffix,
        });
    }

    /// <summary>A merge in either spelling: ["a", "b"], or "a b" as files had it before 2024.</summary>
    private static (string Left, string Right) Pair(JsonSource item)
    {
        if (item.Kind == JsonValueKind.String)
        {
            var line = item.AsString();
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space <= 0 || space == line.Length - 1 || line.IndexOf(' ', space + 1) >= 0)
                throw item.Wrong($"the merge \"{line}\" is not two tokens with a space between them");
            return (line[..space], line[(space + 1)..]);
        }

        string[] parts = [.. item.Items().Select(part => part.AsString())];
        return parts is [{ Length: > 0 } left, { Length: > 0 } right] ? (left, right) : throw item.Wrong("a merge is a list of two tokens");
    }
}
