using System.Text.Json.Nodes;
using LmPlayground.Models.Catalog;
using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Tests;

namespace LmPlayground.Models.Tests.Catalog;

/// <summary>
/// A model's folder with one of its files cut, or with another value at one place: it loads, or says in one clear error which file is wrong.
/// </summary>
public sealed class ReaderFuzzTests
{
    private static readonly string[] Strange =
        ["null", "true", "-1", "0", "2147483648", "1e999", "\"\"", "\"\\ud800\"", "[]", "[[null]]", "{}", "{\"type\":[]}", new string('[', 100) + new string(']', 100)];

    private static readonly Dictionary<string, string> Further = new(StringComparer.Ordinal)
    {
        ["generation_config.json"] = """{"bos_token_id": 0, "eos_token_id": [0, 1], "do_sample": true, "temperature": 0.7, "top_k": 40, "top_p": 0.9, "repetition_penalty": 1.1}""",
        ["tokenizer_config.json"] = """{"bos_token": {"content": "<|endoftext|>"}, "eos_token": "<|endoftext|>", "tokenizer_class": "GPT2Tokenizer", "added_tokens_decoder": {"0": {"content": "<|endoftext|>", "special": true}}}""",
        ["special_tokens_map.json"] = """{"eos_token": "<|endoftext|>", "additional_special_tokens": ["x"]}""",
        ["training.json"] = """{"parameters": 12}""",
    };

    public static TheoryData<string, string> Files => new()
    {
        { "lstm", "lm.json" }, { "lstm", "generation_config.json" }, { "lstm", "tokenizer_config.json" }, { "lstm", "special_tokens_map.json" },
        { "lstm", "training.json" }, { "feedforward", "lm.json" }, { "characters", "tokenizer.json" }, { "transformer", "config.json" }, { "ngram", "lm.json" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_cut_anywhere_is_named(string model, string name) =>
        Each(model, name, whole => Enumerable.Range(0, 40).Select(i => whole[..(whole.TrimEnd().Length * i / 40)]), mustFail: true);

    [Theory]
    [MemberData(nameof(Files))]
    public void Another_value_anywhere_is_named_or_harmless(string model, string name) =>
        Each(model, name, Changed, mustFail: false);

    private static void Each(string model, string name, Func<string, IEnumerable<string>> changes, bool mustFail)
    {
        using var folder = new TemporaryFolder();
        var source = Path.GetDirectoryName(TestTokenizers.EmbeddedFile(model))!;
        foreach (var file in Directory.EnumerateFiles(source))
            File.Copy(file, folder.Combine(Path.GetFileName(file)));
        foreach (var (further, content) in Further)
        {
            if (!File.Exists(folder.Combine(further)))
                folder.Write(further, content);
        }

        var path = folder.Combine(name);
        Assert.SkipUnless(File.Exists(path), $"{model} has no {name}.");
        foreach (var changed in changes(File.ReadAllText(path)))
        {
            File.WriteAllText(path, changed);
            var error = Record.Exception(() => Load(folder.Path));
            if (error is not null || mustFail)
                Assert.True(error is ModelLoadException, $"{name} = {changed[..Math.Min(200, changed.Length)]}: {error?.GetType().Name ?? "loaded"} {error?.Message}\n{error?.StackTrace}");
            if (mustFail)
                Assert.Contains(name, error!.Message, StringComparison.Ordinal);
        }
    }

    private static void Load(string directory)
    {
        using var catalog = new ModelCatalog(new ModelCatalogOptions { IntraOpThreads = 1 });
        catalog.LoadAsync(directory).GetAwaiter().GetResult();
    }

    /// <summary>Every value in turn replaced; of long objects and lists the first few members.</summary>
    private static IEnumerable<string> Changed(string whole)
    {
        var places = 0;
        Count(JsonNode.Parse(whole)!, ref places);
        var turn = 0;
        for (var place = 0; place < places; place++)
        {
            // Every third value at a place, each place another third: all pairs would take minutes.
            for (var i = turn++ % 3; i < Strange.Length; i += 3)
            {
                var root = JsonNode.Parse(whole)!;
                var at = place;
                Mark(root, ref at);
                yield return root.ToJsonString().Replace("\"replace me\"", Strange[i], StringComparison.Ordinal);
            }
        }
    }

    private static IEnumerable<JsonNode> Children(JsonNode node) => node switch
    {
        JsonObject o => o.Select(m => m.Value).OfType<JsonNode>().Take(24),
        JsonArray a => a.OfType<JsonNode>().Take(4),
        _ => [],
    };

    private static void Count(JsonNode node, ref int places)
    {
        foreach (var child in Children(node))
        {
            places++;
            Count(child, ref places);
        }
    }

    private static bool Mark(JsonNode node, ref int place)
    {
        foreach (var child in Children(node))
        {
            if (place-- == 0)
            {
                child.ReplaceWith("replace me");
                return true;
            }

            if (Mark(child, ref place))
                return true;
        }

        return false;
    }
}
