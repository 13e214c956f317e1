using System.Text.Json.Nodes;

namespace LmPlayground.Tokenizers.Sources;

/// <summary>SentencePiece's <c>tokenizer.model</c>, which each class of tokenizers wraps in its own steps.</summary>
internal static class SentencePieceConverter
{
    private const string Mark = "▁";

    public static JsonObject Convert(SentencePieceFile file, TokenizerSettings settings)
    {
        List<SentencePiece> pieces = [.. file.Pieces];
        var family = settings.Family;
        if (family is "xlmroberta" or "camembert" or "mbart")
            pieces = Fairseq(pieces, family);
        if (family is "t5" or "mt5")
            pieces.AddRange(Enumerable.Range(0, 100).Select(i => new SentencePiece($"<extra_id_{99 - i}>", 0, PieceKind.Control)));
        if (family.StartsWith("gemma", StringComparison.Ordinal) && !pieces.Exists(p => p.Text == "\t"))
            pieces = [.. pieces.Select(p => p.Text == "<0x09>" ? p with { Text = "\t" } : p)];
        if (family == "albert")
            pieces = [.. pieces.Select(p => EndsInNumberAndComma(p.Text) ? p with { Score = p.Score - 100 } : p)];

        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var id = 0; id < pieces.Count; id++)
            vocabulary[pieces[id].Text] = id;
        var unknown = pieces.FindIndex(p => p.Kind == PieceKind.Unknown);
        if (unknown < 0)
            throw new ModelLoadException(file.Path, "has no piece for unknown text; it is no SentencePiece model that a language model uses.");
        var added = settings.AddedTokens(
            vocabulary,
            pieces.Where(p => p.Kind is PieceKind.Unknown or PieceKind.Control or PieceKind.UserDefined).Select(p => (p.Text, p.Kind != PieceKind.UserDefined)));

        var json = new JsonObject
        {
            ["added_tokens"] = added,
            ["model"] = file.IsBpe ? Bpe(pieces, vocabulary, unknown, file.ByteFallback) : Unigram(pieces, unknown, file.ByteFallback),
        };
        AddSteps(json, file, settings, Parts.IdLookup(added, vocabulary));
        return json;
    }

    private static void AddSteps(JsonObject json, SentencePieceFile file, TokenizerSettings settings, Func<string, int?> idOf)
    {
        var addPrefix = settings.Flag("add_prefix_space") ?? file.AddDummyPrefix;
        var begin = settings.Token("bos_token") ?? "<s>";
        var end = settings.Token("eos_token") ?? "</s>";
        var family = settings.Family;
        if (family.StartsWith("gemma", StringComparison.Ordinal))
        {
            json["normalizer"] = Parts.Replace(" ", Mark);
            json["pre_tokenizer"] = Parts.Of("Split", ("pattern", new JsonObject { ["String"] = " " }), ("behavior", "MergedWithPrevious"), ("invert", false));
            json["decoder"] = ByteDecoder(strips: false);
            json["post_processor"] = Parts.Template(settings.Flag("add_bos_token") ?? true ? settings.Token("bos_token") ?? "<bos>" : null, null, idOf);
        }
        else if (file.IsBpe && file.ByteFallback)
        {
            AddLlamaSteps(json, settings.Flag("legacy") ?? true, addPrefix);
            json["post_processor"] = Parts.Template(
                settings.Flag("add_bos_token") ?? true ? begin : null, settings.Flag("add_eos_token") ?? false ? end : null, idOf);
        }
        else
        {
            var scheme = !addPrefix ? "never" : settings.Flag("legacy") ?? true ? "always" : "first";
            json["normalizer"] = Normalizer(file, settings);
            json["pre_tokenizer"] = Parts.Of("Metaspace", ("replacement", Mark), ("prepend_scheme", scheme), ("split", true));
            json["decoder"] = Parts.Of("Metaspace", ("replacement", Mark), ("prepend_scheme", scheme), ("split", true));
            json["post_processor"] = family switch
            {
                "albert" or "debertav2" => Parts.Template(settings.Token("cls_token") ?? "[CLS]", settings.Token("sep_token") ?? "[SEP]", idOf),
                "xlmroberta" or "camembert" or "barthez" => Parts.Template("<s>", "</s>", idOf),
                "t5" or "mt5" or "pegasus" or "marian" => Parts.Template(null, end, idOf),
                _ => null,
            };
        }
    }

    private static void AddLlamaSteps(JsonObject json, bool legacy, bool addPrefix)
    {
        if (legacy)
        {
            json["normalizer"] = addPrefix
                ? Parts.Sequence("normalizers", Parts.Of("Prepend", ("prepend", Mark)), Parts.Replace(" ", Mark))
                : Parts.Replace(" ", Mark);
        }
        else
        {
            json["pre_tokenizer"] = Parts.Of("Metaspace", ("replacement", Mark), ("prepend_scheme", addPrefix ? "first" : "never"), ("split", false));
        }

        json["decoder"] = ByteDecoder(addPrefix);
    }

    private static JsonObject ByteDecoder(bool strips) => Parts.Sequence("decoders", [
        Parts.Replace(Mark, " "),
        Parts.Of("ByteFallback"),
        Parts.Of("Fuse"),
        .. strips ? (JsonNode?[])[Parts.Of("Strip", ("content", " "), ("start", 1), ("stop", 0))] : [],
    ]);

    private static JsonObject Normalizer(SentencePieceFile file, TokenizerSettings settings)
    {
        var steps = new List<JsonNode?>();
        var isAlbert = settings.Family == "albert";
        if (isAlbert)
        {
            steps.AddRange([Parts.Replace("``", "\""), Parts.Replace("''", "\"")]);
            if (settings.Flag("keep_accents") != true)
                steps.AddRange([Parts.Of("NFKD"), Parts.Of("StripAccents")]);
            if (settings.Flag("do_lower_case") ?? true)
                steps.Add(Parts.Of("Lowercase"));
        }

        if (file.Replacements.Length > 0)
            steps.Add(Parts.Of("Precompiled", ("precompiled_charsmap", System.Convert.ToBase64String(file.Replacements))));
        if (!isAlbert)
            steps.Add(Parts.Of("Strip", ("strip_left", false), ("strip_right", true)));
        steps.Add(Parts.ReplaceMatches(" {2,}", isAlbert ? " " : Mark));
        return Parts.Sequence("normalizers", [.. steps]);
    }

    private static JsonObject Unigram(List<SentencePiece> pieces, int unknown, bool byteFallback) => Parts.Of(
        "Unigram",
        ("vocab", new JsonArray([.. pieces.Select(p => (JsonNode)new JsonArray(p.Text, p.Score))])),
        ("unk_id", unknown),
        ("byte_fallback", byteFallback));

    private static JsonObject Bpe(List<SentencePiece> pieces, Dictionary<string, int> vocabulary, int unknown, bool byteFallback) => Parts.Of(
        "BPE",
        ("vocab", new JsonObject(vocabulary.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value)))),
        ("merges", Merges(pieces, vocabulary)),
        ("unk_token", pieces[unknown].Text),
        ("fuse_unk", true),
        ("byte_fallback", byteFallback));

    /// <summary>
    /// SentencePiece knows no merges, only scores: every way to put a piece together from two others is one, in the order of the score of
    /// the whole.
    /// </summary>
    private static JsonArray Merges(List<SentencePiece> pieces, Dictionary<string, int> vocabulary)
    {
        var merges = new List<(string Left, string Right, double Score)>();
        foreach (var piece in pieces)
        {
            var own = new List<(string Left, string Right, double Score)>();
            for (var at = 1; at < piece.Text.Length; at++)
            {
                var (left, right) = (piece.Text[..at], piece.Text[at..]);
                if (!char.IsLowSurrogate(right[0]) && vocabulary.ContainsKey(left) && vocabulary.ContainsKey(right))
                    own.Add((left, right, piece.Score));
            }

            merges.AddRange(own.OrderBy(m => vocabulary[m.Left]).ThenBy(m => vocabulary[m.Right]));
        }

        var ordered = merges
            .OrderByDescending(m => m.Score).ThenByDescending(m => Length(m.Left)).ThenByDescending(m => Length(m.Right))
            .Select(m => (JsonNode)new JsonArray(m.Left, m.Right));
        return new JsonArray([.. ordered]);
    }

    /// <summary>fairseq's order: its own four tokens first, SentencePiece's three gone, a mask at the end.</summary>
    private static List<SentencePiece> Fairseq(List<SentencePiece> pieces, string family)
    {
        var mask = new SentencePiece("<mask>", 0, PieceKind.Control);
        if (family == "camembert")
        {
            return
            [
                new("<s>NOTUSED", 0, PieceKind.Control), new("<pad>", 0, PieceKind.Control), new("</s>NOTUSED", 0, PieceKind.Control),
                new("<unk>", 0, PieceKind.Unknown), new("<unk>NOTUSED", -100, PieceKind.Normal), .. pieces.Skip(1).Select(p => p with { Kind = PieceKind.Normal }), mask,
            ];
        }

        return
        [
            new("<s>", 0, PieceKind.Control), new("<pad>", 0, PieceKind.Control), new("</s>", 0, PieceKind.Control), new("<unk>", 0, PieceKind.Unknown),
            .. pieces.Skip(3), mask,
        ];
    }

    private static bool EndsInNumberAndComma(string text) => text.Length >= 2 && text[^1] == ',' && char.IsDigit(text[^2]);

    private static int Length(string text) => text.EnumerateRunes().Count();
}
