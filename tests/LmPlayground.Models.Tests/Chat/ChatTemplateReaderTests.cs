using System.Text.Json;
using LmPlayground.Models.Chat;
using LmPlayground.Tokenizers.Files;
using LmPlayground.Tokenizers.Loading;

namespace LmPlayground.Models.Tests.Chat;

public sealed class ChatTemplateReaderTests : IDisposable
{
    private static readonly ChatRequest Hello = ChatRequest.For(new ChatMessage("user", "Hi"));
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_without_a_template_has_none()
    {
        _folder.Write("tokenizer_config.json", "{}");
        Assert.Null(Read());
    }

    [Fact]
    public void The_template_of_the_tokenizer_config_knows_the_special_tokens()
    {
        _folder.Write("tokenizer_config.json", """{"chat_template": "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}{{ pad_token is defined }}", "bos_token": {"content": "<s>"}, "pad_token": null}""");
        _folder.Write("special_tokens_map.json", """{"bos_token": "other", "eos_token": "</s>"}""");
        Assert.Equal("<s>Hi</s>False", Read()!.Render(Hello));
    }

    [Fact]
    public void Named_templates_are_chosen_by_name_and_by_the_tools()
    {
        _folder.Write("tokenizer_config.json", """{"chat_template": [{"name": "default", "template": "d"}, {"name": "tool_use", "template": "t"}, {"name": "rag", "template": "r"}]}""");
        var template = Read()!;
        Assert.Equal(["default", "tool_use", "rag"], template.Names);
        Assert.Equal("d", template.Render(Hello));
        Assert.Equal("r", template.Render(Hello, "rag"));
        Assert.Equal("t", template.Render(Hello with { Tools = JsonSerializer.SerializeToElement(new[] { new { name = "add" } }) }));
        Assert.Equal("d", template.Render(Hello with { Tools = JsonSerializer.SerializeToElement(Array.Empty<object>()) }));
        Assert.Contains("default, tool_use, rag", Assert.Throws<ChatTemplateException>(() => template.Render(Hello, "x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_its_own_wins_over_the_tokenizer_config()
    {
        _folder.Write("tokenizer_config.json", """{"chat_template": "config"}""");
        _folder.Write("chat_template.jinja", "file\n");
        _folder.Write("additional_chat_templates/tool_use.jinja", "tools");
        Assert.Equal("file", Read()!.Render(Hello));
        Assert.Equal("tools", Read()!.Render(Hello, "tool_use"));
    }

    [Fact]
    public void The_template_of_a_processor_is_the_last_that_is_asked()
    {
        _folder.Write("chat_template.json", """{"chat_template": "processor"}""");
        Assert.Equal("processor", Read()!.Render(Hello));
    }

    [Theory]
    [InlineData("tokenizer_config.json", """{"chat_template": 3}""")]
    [InlineData("tokenizer_config.json", """{"chat_template": [{"name": "default"}]}""")]
    [InlineData("chat_template.json", """{"chat_template": ["x"]}""")]
    public void Issue_12_A1_a_template_of_a_wrong_type_is_a_notice_that_names_its_file(string file, string content)
    {
        _folder.Write(file, content);
        UsableValues values = new();
        Assert.Null(ChatTemplateReader.Read(new ModelFolder(_folder.Path), values));
        Assert.StartsWith($"{file}: at chat_template", Assert.Single(values.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void Issue_12_A1_a_special_token_of_a_wrong_type_is_undefined_unless_the_next_file_has_it()
    {
        _folder.Write("tokenizer_config.json", """{"chat_template": "[{{ bos_token }}{{ eos_token }}]", "bos_token": 7, "eos_token": []}""");
        _folder.Write("special_tokens_map.json", """{"eos_token": "</s>"}""");
        UsableValues values = new();
        Assert.Equal("[</s>]", ChatTemplateReader.Read(new ModelFolder(_folder.Path), values)!.Render(Hello));
        Assert.Equal(2, values.Notices.Count);
    }

    [Fact]
    public void A_rendered_conversation_is_tokenized_with_its_special_tokens_and_none_besides()
    {
        var folder = SharedFiles.SmolLm2;
        var text = ChatTemplateReader.Read(new ModelFolder(folder), new UsableValues())!.Render(ChatRequest.For(new ChatMessage("system", "Be brief."), new ChatMessage("user", "Hi")));
        Assert.Equal("<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n", text);

        int[] ids = [.. TokenizerJson.Load(Path.Combine(folder, "tokenizer.json")).Encode(text, addSpecialTokens: false).Select(token => token.Id)];
        Assert.Equal(3, ids.Count(id => id == 1));
        Assert.Equal(2, ids.Count(id => id == 2));
        Assert.Equal(1, ids[0]);
    }

    [Fact]
    public void The_embedded_instructed_model_brings_a_template()
    {
        var folder = new ModelFolder(TestFiles.Embedded("instruct"));
        Assert.Equal("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n", ChatTemplateReader.Read(folder, new UsableValues())!.Render(Hello));
    }

    private ChatTemplate? Read() => ChatTemplateReader.Read(new ModelFolder(_folder.Path), new UsableValues());
}
