using LmPlayground.Generation;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Search;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Models;
using LmPlayground.Models.Chat;
using LmPlayground.Runs.Planning;
using LmPlayground.Runs.Settings;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using Microsoft.Extensions.Time.Testing;

namespace LmPlayground.Runs.Tests.Planning;

public sealed class RunPlannerTests : IDisposable
{
    private static readonly ChatTemplate Template = new("fake", "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}{{ strftime_now('%H:%M') }}");

    private readonly GenerationEngine _engine = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 31, 8, 30, 0, 900, TimeSpan.Zero));
    private readonly FakeModel _model = new();

    private RunPlanner Planner => new(_engine, new PlanningOptions { TopCandidates = 7 }, _time);

    [Fact]
    public void A_request_gets_its_seed_and_its_time_in_whole_seconds_and_keeps_those_it_has()
    {
        var settled = Planner.Settle(new RunRequest());
        Assert.NotNull(settled.Seed);
        Assert.Equal(new DateTime(2026, 1, 31, 8, 30, 0), settled.TemplateTime);
        Assert.Equal(settled, Planner.Settle(settled));
        Assert.Equal(settled, RunQuery.Read(RunQuery.Write(settled)).Request);
    }

    [Fact]
    public void The_models_own_settings_are_used_where_nothing_is_chosen()
    {
        _model.Card = _model.Card with { Defaults = new GenerationDefaults { Temperature = 0.7, TopK = 40, TopP = 0.9, MinP = 0.1, RepetitionPenalty = 1.2 } };
        var sampling = RunPlanner.SamplingOf(new RunRequest().With(StageSettings.Of(TopKStage.K), 5), _model);
        Assert.Equal((0.7, 5, 0.9), (sampling.Temperature, sampling[TopKStage.K], sampling[TopPStage.P]));
        _model.Card = _model.Card with { Defaults = new GenerationDefaults { DoSample = false, Temperature = 0.7 } };
        Assert.Equal(0, RunPlanner.SamplingOf(new RunRequest(), _model).Temperature);
    }

    [Theory]
    [InlineData(null, null, "<user>Hi08:30")]
    [InlineData(true, "Be brief.", "<system>Be brief.<user>Hi08:30")]
    [InlineData(false, "Be brief.", null)]
    public void A_prompt_is_a_message_unless_it_is_read_as_it_stands(bool? chat, string? system, string? rendered)
    {
        _model.Card = _model.Card with { ChatTemplate = Template };
        var request = Planner.Settle(new RunRequest { Prompt = "Hi", Chat = chat, System = system });
        var prompt = RunPlanner.Prompt(request, _model);
        Assert.Equal(rendered, prompt.Rendered);
        Assert.Equal(rendered ?? "Hi", _model.Tokenizer.Decode(prompt.Ids));
    }

    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(100, 100, true)]
    [InlineData(100, 101, false)]
    [InlineData(1, 100_000, false)]
    public void The_server_says_how_many_new_tokens_a_run_may_have(int most, int asked, bool isAllowed)
    {
        var planner = new RunPlanner(_engine, new PlanningOptions { MaxNewTokens = most }, _time);
        var request = new RunRequest { Seed = 1, Stopping = new StoppingOptions { MaxNewTokens = asked } };
        if (isAllowed)
        {
            Assert.Equal(asked, planner.Continuation(request, _model, [1]).Stopping.MaxNewTokens);
            return;
        }

        var error = Assert.Throws<PromptException>(() => planner.Continuation(request, _model, [1]));
        Assert.Contains($"at most {most}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_stand_in_place_of_the_prompt_and_its_template()
    {
        _model.Card = _model.Card with { ChatTemplate = Template };
        var prompt = RunPlanner.Prompt(new RunRequest { Prompt = "Hi", PromptIds = [5, 5, 6] }, _model);
        Assert.Equal([5, 5, 6], prompt.Ids);
        Assert.Null(prompt.Rendered);
    }

    [Fact]
    public void A_model_without_a_prompt_reads_its_example()
    {
        Assert.Equal(ModelDefaults.FallbackPrompt, _model.Tokenizer.Decode(RunPlanner.Prompt(new RunRequest(), _model).Ids));
        _model.Card = _model.Card with { ExamplePrompts = ["One", "Two"] };
        Assert.Equal("One", _model.Tokenizer.Decode(RunPlanner.Prompt(new RunRequest(), _model).Ids));
    }

    [Fact]
    public void An_encoder_decoder_reads_the_source_and_other_models_read_none()
    {
        var model = new FakeEncoderDecoder();
        var source = RunPlanner.Source(new RunRequest { Source = "abc" }, model);
        Assert.Equal("abc"u8.ToArray().Select(id => (int)id), source!.Value);
        var cancellation = TestContext.Current.CancellationToken;
        Assert.Equal(Planner.Adapt(model, source, cancellation), Planner.Adapt(model, source, cancellation));
        Assert.Equal(1, model.Encodings);
        Assert.Throws<PromptException>(() => RunPlanner.Source(new RunRequest { Source = "longer than ten" }, model));
        Assert.Null(RunPlanner.Source(new RunRequest { Source = "abc" }, _model));
        Assert.Same(_model, Planner.Adapt(_model, null, cancellation));
    }

    [Fact]
    public void What_a_model_ignores_is_said()
    {
        var request = new RunRequest { Source = "abc", Chat = true, System = "Be brief." };
        Assert.Equal(["source", "chat", "system"], RunPlanner.Ignored(request, _model).Select(said => said.Split("eave out ")[1].Split(',', '.')[0]));
        Assert.Empty(RunPlanner.Ignored(new RunRequest { Source = "abc" }, new FakeEncoderDecoder()));
        _model.Card = _model.Card with { ChatTemplate = Template };
        Assert.Empty(RunPlanner.Ignored(request with { Source = null }, _model));
        Assert.Single(RunPlanner.Ignored(request with { Source = null, Chat = false }, _model));
    }

    [Fact]
    public void The_same_values_are_the_same_request_to_the_engine()
    {
        var request = new RunRequest { Prompt = "Hi", Seed = 3, Search = new SearchStrategy { GuidanceScale = 2, NegativePrompt = "no" } };
        var read = RunQuery.Read(RunQuery.Write(request)).Request;
        var (one, two) = (Plan(request), Plan(read));
        Assert.Equal(one with { PromptIds = [], Model = _model }, two with { PromptIds = [], Model = _model });
        Assert.Equal(one.PromptIds, two.PromptIds);
        Assert.True(two.Model.IsMadeOf(_model));
        Assert.NotEqual<ILanguageModel>(_model, one.Model);
        Assert.Equal((7, 3ul), (one.TopCandidates, one.Seed));
        Assert.Same(_model, Plan(request with { Search = new SearchStrategy() }).Model);
        Assert.Throws<ArgumentException>(() => Plan(request with { Seed = null }));
    }

    public void Dispose() => _engine.Dispose();

    private GenerationRequest Plan(RunRequest request) => Planner.Continuation(request, _model, RunPlanner.Prompt(request, _model).Ids);

    [Fact]
    public void A_model_whose_makers_say_nothing_samples_with_the_playgrounds_own_settings_unless_the_request_is_older()
    {
        _model.Card = _model.Card with { Defaults = new GenerationDefaults() };
        var now = RunPlanner.SamplingOf(new RunRequest(), _model);
        Assert.Equal((0.8, 0.95), (now.Temperature, now[TopPStage.P]));
        Assert.Equal(now, RunPlanner.SamplingOf(new RunRequest { Defaults = RunRequest.DefaultsVersion }, _model));
        Assert.Equal(new SamplingOptions(), RunPlanner.SamplingOf(new RunRequest { Defaults = 1 }, _model));

        _model.Card = _model.Card with { Defaults = new GenerationDefaults { TopK = 40 } };
        var own = RunPlanner.SamplingOf(new RunRequest(), _model);
        Assert.Equal((1.0, 1.0, 40.0), (own.Temperature, own[TopPStage.P], own[TopKStage.K]));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public void An_empty_message_is_refused_in_words_and_an_empty_text_is_not(string text)
    {
        _model.Card = _model.Card with { ChatTemplate = Template };
        var error = Assert.Throws<PromptException>(() => RunPlanner.Prompt(new RunRequest { Prompt = text }, _model));
        Assert.Contains("The message is empty", error.Message, StringComparison.Ordinal);
        if (text.Length > 0)
            Assert.NotEmpty(RunPlanner.Prompt(new RunRequest { Prompt = text, Chat = false }, _model).Ids);
    }
}
