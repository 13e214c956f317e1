using System.Globalization;
using LmPlayground.Generation;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Models;
using LmPlayground.Models.Chat;
using LmPlayground.Runs.Planning;

namespace LmPlayground.Runs.Tests.Planning;

/// <summary>The length that a page tells while a prompt is written, against what a run says of the same prompt.</summary>
public sealed class PromptLengthTests : IDisposable
{
    private readonly FakeModel _model = new();

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(500)]
    public void A_text_is_too_long_by_as_many_tokens_as_its_run_would_ask_to_shorten_it(int characters)
    {
        _model.Card = _model.Card with { ContextLength = 10 };
        var request = new RunRequest { Prompt = new string('a', characters) };
        var length = PromptLength.Of(request, _model.Card, _model.Tokenizer);
        var ids = RunPlanner.Prompt(request, _model).Ids;
        Assert.Equal((ids.Length, 9), (length.Tokens, length.Most));
        if (length.Excess == 0)
        {
            PromptEncoder.Check(_model, ids);
            return;
        }

        var refusal = Assert.Throws<PromptException>(() => PromptEncoder.Check(_model, ids));
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"shorten it by {length.Excess} tokens"), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_is_counted_with_what_the_chat_template_puts_around_it()
    {
        _model.Card = _model.Card with { ChatTemplate = new ChatTemplate("fake", "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}") };
        Assert.Equal("<user>Hi".Length, PromptLength.Of(new RunRequest { Prompt = "Hi" }, _model.Card, _model.Tokenizer).Tokens);
        Assert.Equal("<system>Be brief.<user>Hi".Length, PromptLength.Of(new RunRequest { Prompt = "Hi", System = "Be brief." }, _model.Card, _model.Tokenizer).Tokens);
        Assert.Equal("Hi".Length, PromptLength.Of(new RunRequest { Prompt = "Hi", Chat = false }, _model.Card, _model.Tokenizer).Tokens);
    }

    [Fact]
    public void Of_an_encoder_decoder_the_source_is_counted_and_a_masked_text_may_fill_the_context()
    {
        var card = _model.Card with { Kind = ModelKind.EncoderDecoder, SourceContextLength = 4 };
        Assert.Equal(new PromptLength(6, 4, IsSource: true), PromptLength.Of(new RunRequest { Source = "abcdef", Prompt = "x" }, card, _model.Tokenizer));
        card = _model.Card with { Kind = ModelKind.Masked, MaskToken = "m", ContextLength = 6 };
        Assert.Equal(0, PromptLength.Of(new RunRequest { Prompt = "abcdef" }, card, _model.Tokenizer).Excess);
    }

    [Fact]
    public void Where_nothing_limits_a_model_no_text_is_too_long() =>
        Assert.Equal((3, null, 0), (new PromptLength(3, null).Tokens, new PromptLength(3, null).Most, new PromptLength(3, null).Excess));

    public void Dispose() => _model.Dispose();
}
