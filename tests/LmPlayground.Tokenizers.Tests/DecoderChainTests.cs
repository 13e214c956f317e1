using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LmPlayground.Tokenizers.Vocabularies;

namespace LmPlayground.Tokenizers.Tests;

/// <summary>Decoders of any steps in any order, against what each step is: a list of tokens made of a list of tokens.</summary>
public class DecoderChainTests
{
    private static readonly string[] Vocabulary =
    [
        "a", "b", "ab", "▁", "▁a", "a▁b", "##a", "##", "#", "the</w>", "</w>", "</", "w>", "<0x41>", "<0xE5>", "<0x8F>", "<0xAB>", "<0x20>", "<0", "x41>",
        "h", "hh", "<pad>", "|", " ", "  ", " .", ".", "n't", " n't", "'", "Ġ", "Ġa", "å", "ı", "«", "é", "中", "😀", "!", " do", " not", "Hello", "H", "HH", "y",
    ];

    private static readonly string[] Steps =
    [
        """{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}""",
        """{"type": "Replace", "pattern": {"String": "ab"}, "content": "X"}""",
        """{"type": "Replace", "pattern": {"String": "aa"}, "content": "b"}""",
        """{"type": "Replace", "pattern": {"String": "<"}, "content": ""}""",
        """{"type": "Fuse"}""",
        """{"type": "ByteFallback"}""",
        """{"type": "Strip", "content": " ", "start": 1, "stop": 0}""",
        """{"type": "Strip", "content": "H", "start": 1, "stop": 2}""",
        """{"type": "Strip", "content": "a", "start": 0, "stop": 1}""",
        """{"type": "Strip", "content": "😀", "start": 3, "stop": 1}""",
        """{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"}""",
        """{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "never"}""",
        """{"type": "ByteLevel"}""",
        """{"type": "WordPiece", "prefix": "##", "cleanup": true}""",
        """{"type": "WordPiece", "prefix": "a", "cleanup": false}""",
        """{"type": "CTC", "pad_token": "<pad>", "word_delimiter_token": "|", "cleanup": true}""",
        """{"type": "CTC", "pad_token": "h", "word_delimiter_token": "|", "cleanup": false}""",
        """{"type": "BPEDecoder", "suffix": "</w>"}""",
        """{"type": "Sequence", "decoders": [{"type": "Strip", "content": "y", "start": 1, "stop": 1}, {"type": "Fuse"}]}""",
    ];

    private static readonly (string, string)[] Cleanups =
        [(" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re")];

    public static TheoryData<int> Seeds { get; } = [.. Enumerable.Range(0, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_decoder_is_what_its_steps_make_of_the_list_one_after_the_other(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 25; round++)
        {
            var (json, steps) = Any(random);
            var tokenizer = Tokenizer(json);
            for (var text = 0; text < 8; text++)
            {
                var ids = Ids(random);
                Assert.Equal(string.Concat(Reference(steps, [.. ids.Select(id => Vocabulary[id])])), tokenizer.Decode(ids));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Token_by_token_the_text_is_the_same_but_for_what_the_next_token_may_change(int seed)
    {
        var random = new Random(seed + 1000);
        for (var round = 0; round < 25; round++)
        {
            var (json, steps) = Any(random);

            // Of a text that all tokens are fused to, a step that spells bytes knows only at the end whether it is in their alphabet.
            var fused = steps.FindIndex(step => step["type"]!.GetValue<string>() is "Fuse" or "ByteLevel");
            if (fused >= 0 && steps.Skip(fused + 1).Any(step => step["type"]!.GetValue<string>() == "ByteLevel"))
                continue;
            var tokenizer = Tokenizer(json);
            for (var text = 0; text < 8; text++)
            {
                var ids = Ids(random);
                var whole = tokenizer.Decode(ids);

                // As the tokens come, bytes that cannot become a character are dropped.
                if (whole.Contains('\uFFFD', StringComparison.Ordinal))
                    continue;
                var stream = tokenizer.StartStream();
                var streamed = "";
                foreach (var id in ids)
                {
                    if (random.Next(4) == 0)
                    {
                        var other = stream.Fork();
                        stream.Append(random.Next(Vocabulary.Length));
                        stream = other;
                    }

                    streamed += stream.Append(id);
                }

                Assert.True(whole.StartsWith(streamed, StringComparison.Ordinal), $"{json}: [{string.Join("|", ids.Select(id => Vocabulary[id]))}]: '{streamed}' of '{whole}'");
            }
        }
    }

    [Theory]
    [InlineData("4 0", "▁a~▁~b", " a~ ~b")]
    [InlineData("4 1", "a~a~b~a", "~a~X~")]
    [InlineData("5 4 6", "▁a~<0xE5>~<0x8F>~<0xAB>~b~<0x20>", "▁a~~~叫~b~ ")]
    [InlineData("13 4", "a~##a~b~#", "a~a~ b~ #")]
    [InlineData("12 6", "Ġ~a~Ġa~中~å~ı~«", "~a~ a~中~~~叫")]
    [InlineData("17 4", "the</w>~a~the</w>~.", "the~ a~the~ .")]
    [InlineData("15 4", "h~h~<pad>~h~|~.", "h~~~h~ ~.")]
    [InlineData("4 7", "HH~a~H~H~H~b~H", "~Ha~~~H~HHb~")]
    public void What_is_certain_comes_at_once(string steps, string tokens, string expected)
    {
        var stream = Tokenizer($$"""{"type": "Sequence", "decoders": [{{string.Join(", ", steps.Split(' ').Select(step => Steps[int.Parse(step, CultureInfo.InvariantCulture)]))}}]}""").StartStream();
        int[] ids = [.. tokens.Split('~').Select(token => Array.IndexOf(Vocabulary, token))];
        Assert.DoesNotContain(-1, ids);
        Assert.Equal(expected, string.Join('~', ids.Select(stream.Append)));
    }

    [Theory]
    [InlineData("""{"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": "_"}""", "a| |  |b", "a_b")]
    [InlineData("""{"type": "Replace", "pattern": {"Regex": "[ab]+$"}, "content": ""}""", "a|.|b|a", "a.")]
    public void An_expression_over_the_fused_text_is_right_in_the_whole_and_never_loses_a_stream(string step, string tokens, string expected)
    {
        var tokenizer = Tokenizer($$"""{"type": "Sequence", "decoders": [{"type": "Fuse"}, {{step}}]}""");
        int[] ids = [.. tokens.Split('|').Select(token => Array.IndexOf(Vocabulary, token))];
        Assert.Equal(expected, tokenizer.Decode(ids));
        var stream = tokenizer.StartStream();
        Assert.StartsWith("a", string.Concat(ids.Select(stream.Append)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_by_itself_is_described_by_what_it_adds()
    {
        var tokenizer = Tokenizer($$"""{"type": "Sequence", "decoders": [{{Steps[12]}}, {{Steps[6]}}]}""");
        Assert.Equal(" a", tokenizer.Describe(Array.IndexOf(Vocabulary, "Ġa")));
        Assert.Equal("<0xE5>", tokenizer.Describe(Array.IndexOf(Vocabulary, "å")));
        tokenizer = Tokenizer($$"""{"type": "Sequence", "decoders": [{{Steps[5]}}, {{Steps[1]}}]}""");
        Assert.Equal("<0xE5>", tokenizer.Describe(Array.IndexOf(Vocabulary, "<0xE5>")));
        Assert.Equal("X", tokenizer.Describe(Array.IndexOf(Vocabulary, "ab")));
    }

    [Fact]
    public void A_step_that_nobody_knows_is_refused_by_its_name()
    {
        var error = Assert.Throws<ModelLoadException>(() => Tokenizer("""{"type": "Sequence", "decoders": [{"type": "Fuse"}, {"type": "Rhyme"}]}"""));
        Assert.Contains("Rhyme", error.Message, StringComparison.Ordinal);
        Assert.Contains("Rhyme", Assert.Throws<ModelLoadException>(() => Tokenizer("""{"type": "Rhyme"}""")).Message, StringComparison.Ordinal);
    }

    private static int[] Ids(Random random) => [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => random.Next(Vocabulary.Length))];

    private static (string Json, List<JsonNode> Steps) Any(Random random)
    {
        string[] chosen = [.. Enumerable.Range(0, random.Next(2, 6)).Select(_ => Steps[random.Next(Steps.Length)])];
        var json = $$"""{"type": "Sequence", "decoders": [{{string.Join(", ", chosen)}}]}""";
        List<JsonNode> steps = [];
        foreach (var step in JsonNode.Parse(json)!["decoders"]!.AsArray())
        {
            if (step!["type"]!.GetValue<string>() == "Sequence")
                steps.AddRange(step["decoders"]!.AsArray()!);
            else
                steps.Add(step);
        }

        return (json, steps);
    }

    private static ModelTokenizer Tokenizer(string decoder)
    {
        var vocabulary = new JsonObject();
        for (var id = 0; id < Vocabulary.Length; id++)
            vocabulary[Vocabulary[id]] = id;
        return new JsonObject
        {
            ["decoder"] = JsonNode.Parse(decoder),
            ["model"] = new JsonObject { ["type"] = "WordLevel", ["unk_token"] = "a", ["vocab"] = vocabulary },
        }.Build();
    }

    private static List<string> Reference(List<JsonNode> steps, List<string> tokens) => steps.Aggregate(tokens, (list, step) => Step(step, list));

    private static List<string> Step(JsonNode step, List<string> tokens)
    {
        switch (step["type"]!.GetValue<string>())
        {
            case "Fuse":
                return [string.Concat(tokens)];
            case "Replace":
                return [.. tokens.Select(token => token.Replace(Text("pattern.String"), Text("content"), StringComparison.Ordinal))];
            case "Strip":
                var content = Regex.Escape(Text("content"));
                var (start, stop) = (step["start"]!.GetValue<int>(), step["stop"]!.GetValue<int>());
                return [.. tokens.Select(token => Regex.Replace(Regex.Replace(token, $"^(?:{content}){{0,{start}}}", ""), $"(?:{content}){{1,{Math.Max(1, stop)}}}\\z", match => LastOf(match.Value, Text("content"), stop)))];
            case "Metaspace":
                var drops = Text("prepend_scheme") != "never";
                return [.. tokens.Select((token, i) => token.Replace("▁", i == 0 && drops ? "" : " ", StringComparison.Ordinal))];
            case "WordPiece":
                var cleans = step["cleanup"]!.GetValue<bool>();
                return [.. tokens.Select((token, i) => Clean(i == 0 ? token : token.StartsWith(Text("prefix"), StringComparison.Ordinal) ? token[Text("prefix").Length..] : " " + token, cleans))];
            case "CTC":
                var speech = step["cleanup"]!.GetValue<bool>();
                return [.. tokens.Where((token, i) => i == 0 || tokens[i - 1] != token)
                    .Select(token => Clean(token.Replace(Text("pad_token"), "", StringComparison.Ordinal), speech))
                    .Select(token => speech ? token.Replace(Text("word_delimiter_token"), " ", StringComparison.Ordinal) : token)
                    .Where(token => token.Length > 0)];
            case "BPEDecoder":
                return [.. tokens.Select((token, i) => token.Replace(Text("suffix"), i == tokens.Count - 1 ? "" : " ", StringComparison.Ordinal))];
            case "ByteLevel":
                return [Encoding.UTF8.GetString([.. tokens.SelectMany(token => token.All(c => ByteAlphabet.ByteOf(c) >= 0) ? [.. token.Select(c => (byte)ByteAlphabet.ByteOf(c))] : Encoding.UTF8.GetBytes(token))])];
            default:
                return Bytes(tokens);
        }

        string Text(string path) => path.Split('.').Aggregate(step, (node, name) => node[name]!).GetValue<string>();
    }

    private static string LastOf(string run, string content, int stop) => run[..^(content.Length * Math.Min(stop, run.Length / content.Length))];

    private static string Clean(string token, bool cleans) =>
        cleans ? Cleanups.Aggregate(token, (text, pair) => text.Replace(pair.Item1, pair.Item2, StringComparison.Ordinal)) : token;

    private static List<string> Bytes(List<string> tokens)
    {
        List<string> output = [];
        List<byte> run = [];
        foreach (var token in tokens.Append(""))
        {
            var match = Regex.Match(token, "^<0x([0-9A-Fa-f]{2})>\\z");
            if (match.Success)
            {
                run.Add(Convert.ToByte(match.Groups[1].Value, 16));
                continue;
            }

            if (run.Count > 0)
                output.AddRange(System.Text.Unicode.Utf8.IsValid(run.ToArray()) ? [Encoding.UTF8.GetString([.. run])] : Enumerable.Repeat("\uFFFD", run.Count));
            run.Clear();
            output.Add(token);
        }

        output.RemoveAt(output.Count - 1);
        return output;
    }
}
