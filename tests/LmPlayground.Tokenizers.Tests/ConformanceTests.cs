using System.Text.Json;
using LmPlayground.Tokenizers.Loading;

namespace LmPlayground.Tokenizers.Tests;

/// <summary>Every case that Hugging Face's own tokenizers wrote: ids, offsets, decoded texts and streamed pieces are the same.</summary>
public sealed class ConformanceTests
{
    public static TheoryData<string> Folders => [.. Supported];

    private static readonly string[] Supported =
        ["gpt2", "gpt2_real", "smollm2", "smollm2_real", "qwen2", "neox", "llama3", "characters", "llama2", "mistral", "t5", "bert"];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Every_case_of_a_family_agrees(string folder)
    {
        var directory = TestFiles.Fixture("conformance", "tokenizers", folder);
        var tokenizer = TokenizerJson.Load(Path.Combine(directory, "tokenizer.json"));
        using var cases = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(directory, "cases.json")));
        Assert.NotEqual(0, cases.RootElement.GetArrayLength());
        Assert.All(cases.RootElement.EnumerateArray(), c => AssertCase(tokenizer, c));
    }

    private static void AssertCase(ModelTokenizer tokenizer, JsonElement expected)
    {
        var text = expected.GetProperty("text").GetString()!;
        var all = tokenizer.Encode(text);
        var bare = tokenizer.Encode(text, addSpecialTokens: false);
        int[] ids = [.. all.Select(t => t.Id)];
        int[] bareIds = [.. bare.Select(t => t.Id)];

        Assert.Equal(Ints(expected.GetProperty("ids")), ids);
        Assert.Equal(Ints(expected.GetProperty("ids_without_special")), bareIds);
        Assert.Equal(
            expected.GetProperty("offsets").EnumerateArray().Select(o => (o[0].GetInt32(), o[1].GetInt32())),
            bare.Select(t => (CodePoints(text, t.Start), CodePoints(text, t.Start + t.Length))));
        Assert.Equal(expected.GetProperty("decoded").GetString(), tokenizer.Decode(ids));
        Assert.Equal(expected.GetProperty("decoded_without_special").GetString(), tokenizer.Decode(ids, skipSpecialTokens: true));

        var stream = tokenizer.StartStream();
        Assert.Equal(
            expected.GetProperty("stream").EnumerateArray().Select(p => p.GetString()),
            bareIds.Select(stream.Append));
    }

    private static IEnumerable<int> Ints(JsonElement list) => list.EnumerateArray().Select(i => i.GetInt32());

    private static int CodePoints(string text, int until) => text[..until].EnumerateRunes().Count();
}
