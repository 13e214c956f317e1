namespace LmPlayground.Tokenizers.Tests;

public sealed class PostProcessorTests
{
    private const string Template = """{"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "B"}}, {"Sequence": {"id": "A"}}, {"SpecialToken": {"id": "E"}}], "special_tokens": {"B": {"ids": [300, 301]}, "E": {"ids": [302]}}}""";

    [Fact]
    public void A_template_puts_empty_tokens_around_the_text_only_when_asked()
    {
        var tokenizer = TestTokenizers.ByteLevel().With("post_processor", Template).Build();
        Assert.Equal(
            [new TextToken(300, 0, 0), new TextToken(301, 0, 0), new TextToken('h', 0, 1), new TextToken('i', 1, 1), new TextToken(302, 2, 0)],
            tokenizer.Encode("hi"));
        Assert.Equal(['h', 'i'], tokenizer.Ids("hi", addSpecialTokens: false));
        Assert.Equal([300, 301, 302], tokenizer.Ids(""));
    }

    [Fact]
    public void Trimmed_offsets_leave_white_space_out_with_or_without_special_tokens()
    {
        var json = TestTokenizers.ByteLevel("Ġb")
            .With("post_processor", """{"type": "Sequence", "processors": [{"type": "ByteLevel", "trim_offsets": true, "add_prefix_space": false}, """ + Template + "]}");
        json["model"]!["merges"] = new System.Text.Json.Nodes.JsonArray("Ġ b");
        var tokenizer = json.Build();
        Assert.Equal([new TextToken('a', 0, 1), new TextToken(256, 2, 1)], tokenizer.Encode("a b", addSpecialTokens: false));
        Assert.Equal(new TextToken(256, 2, 1), tokenizer.Encode("a b")[3]);
    }

    [Fact]
    public void Robertas_frame_is_a_template_too()
    {
        var tokenizer = TestTokenizers.ByteLevel()
            .With("post_processor", """{"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0], "trim_offsets": true, "add_prefix_space": false}""").Build();
        Assert.Equal([0, 'a', 2], tokenizer.Ids("a"));
    }
}
