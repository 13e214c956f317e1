using LmPlayground.Runs.Settings;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Runs.Tests.Requests;

public class RunQueryTests
{
    private static readonly Setting<double> Temperature = StageSettings.Of(TemperatureStage.Temperature);

    public static TheoryData<string> Parameters => [.. SamplingStages.Parameters.Select(parameter => parameter.Name)];

    [Fact]
    public void Nothing_chosen_is_an_empty_address() => Assert.Equal("", RunQuery.Write(new RunRequest()));

    [Fact]
    public void The_default_of_a_setting_is_no_choice()
    {
        var request = new RunRequest
        {
            Order = StageOrder.Transformers,
            Columns = [],
            PromptIds = [],
            FillOrder = default,
            Stopping = new StoppingOptions(),
            Search = new(),
            Seed = null,
            Chat = null,
        };
        Assert.Equal(new RunRequest(), request);
        foreach (var stop in StoppingRules.Parameters)
        {
            if (StopSettings.Of(stop) is Setting<double> number)
                Assert.Equal("", RunQuery.Write(new RunRequest().With(number, number.Default)));
        }

        Assert.Equal("", RunQuery.Write(RunQuery.Read("?max_new_tokens=5").Request with { Stopping = new StoppingOptions() }));
        Assert.Equal("?num_beams=1", RunQuery.Write(new RunRequest { Search = new() { Beams = new() { NumBeams = 1 } } }));
    }

    [Fact]
    public void A_value_that_is_the_models_own_is_no_choice()
    {
        var defaults = new SamplingOptions().With(TemperatureStage.Temperature, 0.8);
        var request = new RunRequest().With(TemperatureStage.Temperature, 1, defaults);
        Assert.Equal("?temperature=1", RunQuery.Write(request));
        Assert.Equal("", RunQuery.Write(request.With(TemperatureStage.Temperature, 0.8, defaults)));
        Assert.Equal(1, request.Sampling(defaults).Temperature);
        Assert.Equal(0.8, new RunRequest().Sampling(defaults).Temperature);
    }

    [Fact]
    public void Lists_of_texts_go_into_the_address_and_back_and_what_cannot_be_read_is_said()
    {
        var breakers = StageSettings.Of(SamplingStages.Texts.Single(texts => texts.Name == "dry_sequence_breakers"));
        foreach (var request in new[] { new RunRequest().With(breakers, []), new RunRequest().With(breakers, ["x", "a\ud800", "\r\n"]) })
            Assert.Equal(request, RunQuery.Read(RunQuery.Write(request)).Request);
        var reading = RunQuery.Read("?logit_bias=cat%3D%2B5&logit_bias=nonsense");
        var bias = StageSettings.Of(SamplingStages.Texts.Single(texts => texts.Name == "logit_bias"));
        Assert.Equal(["cat=+5"], reading.Request.Get(bias));
        Assert.Contains("nonsense", Assert.Single(reading.Notices.Select(notice => notice.Text)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public void Every_declared_parameter_is_clamped_and_reported(string name)
    {
        var parameter = SamplingStages.Parameters.Single(parameter => parameter.Name == name);
        foreach (var (text, value) in new[] { ("1e300", parameter.Maximum), ("-1e300", parameter.Minimum), ("Infinity", parameter.Maximum) })
        {
            var reading = RunQuery.Read($"?{name}={text}");
            Assert.Equal(value, reading.Request.Find(StageSettings.Of(parameter)));
            Assert.StartsWith($"{name} {text} is outside ", Assert.Single(reading.Notices.Select(notice => notice.Text)), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public void Every_declared_parameter_that_is_no_number_is_ignored_and_reported(string name)
    {
        foreach (var text in new[] { "warm", "", "NaN", "1,5", "0x10" })
        {
            var reading = RunQuery.Read($"?{name}={text}");
            Assert.Equal(new RunRequest(), reading.Request);
            Assert.Equal($"{name} '{text}' is no number: it is ignored.", Assert.Single(reading.Notices.Select(notice => notice.Text)));
        }
    }

    [Theory]
    [InlineData("?temperature=9", "temperature 9 is outside 0 to 5: 5 is used.")]
    [InlineData("?top_k=8.5", "top_k 8.5 is no whole number: 8 is used.")]
    [InlineData("?max_new_tokens=0", "max_new_tokens 0 is outside 1 to 100,000: 1 is used.")]
    [InlineData("?seed=x", "seed 'x' is no whole number from 0 to 18446744073709551615: a random one is used.")]
    [InlineData("?order=top_k,magic", "order names 'magic', which is no stage: it is left out.")]
    [InlineData("?order=top_k,top_p,top_k", "order names 'top_k' twice: it runs once.")]
    [InlineData("?stop_token_id=a", "stop_token_id 'a' is no token id: it is left out.")]
    [InlineData("?stop=%5Cq", @"stop '\\q' is left out: '\q' is no escape: \n, \t, \r, \0, \xHH, \uHHHH and \\ are.")]
    [InlineData("?task=fly", "task 'fly' is not continue, fill, predict or score: it is ignored.")]
    [InlineData("?chat=maybe", "chat 'maybe' is neither true nor false: it is ignored.")]
    [InlineData("?template_time=noon", "template_time 'noon' is no time such as 2026-01-31T08:30:00: the time of the run is used.")]
    [InlineData("?max_time=-1", "max_time -1 is outside 0 to 86,400: 0 is used.")]
    [InlineData("?max_time=NaN", "max_time 'NaN' is no number: it is ignored.")]
    [InlineData("?stop_below_probability=1.5", "stop_below_probability 1.5 is outside 0 to 1: 1 is used.")]
    [InlineData("?repetition_min_count=1", "repetition_min_count 1 is outside 2 to 1,000: 2 is used.")]
    [InlineData("?stop_above_entropy_tokens=2.5", "stop_above_entropy_tokens 2.5 is no whole number: 2 is used.")]
    public void A_notice_says_what_is_used_instead(string query, string notice) => Assert.Equal([notice], RunQuery.Read(query).Notices.Select(notice => notice.Text));

    [Fact]
    public void Unknown_names_are_ignored()
    {
        var reading = RunQuery.Read("?utm_source=x&min_q=3&temperature=0.5&&=&%zz");
        Assert.Equal(new RunRequest().With(Temperature, 0.5), reading.Request);
        Assert.Empty(reading.Notices);
    }

    [Fact]
    public void The_last_of_several_values_counts() => Assert.Equal("b", RunQuery.Read("?prompt=a&prompt=b").Request.Prompt);

    [Fact]
    public void A_random_seed_is_minus_one()
    {
        var reading = RunQuery.Read("?seed=-1");
        Assert.Equal(new RunRequest(), reading.Request);
        Assert.Empty(reading.Notices);
    }

    [Fact]
    public void An_empty_prompt_is_kept_apart_from_none()
    {
        Assert.Equal("", RunQuery.Read("?prompt=").Request.Prompt);
        Assert.Null(RunQuery.Read("").Request.Prompt);
        Assert.Null(RunQuery.Read("?system=").Request.System);
    }

    [Fact]
    public void Line_ends_are_those_of_a_text_box() =>
        Assert.Equal("a\nb\nc\n\u2028\f", RunQuery.Read("?prompt=a%0D%0Ab%0Dc%0A%E2%80%A8%0C").Request.Prompt);

    [Theory]
    [InlineData("2026-01-31T08:30:00")]
    [InlineData("2026-01-31T08:30:00.9")]
    [InlineData("2026-01-31T08:30:00Z")]
    [InlineData("2026-01-31T08:30:00%2B14:00")]
    [InlineData("2026-01-31%2008:30")]
    public void A_time_is_what_the_clock_shows_wherever_it_is_read(string time)
    {
        var read = RunQuery.Read("?template_time=" + time).Request;
        Assert.Equal("?template_time=2026-01-31T08%3A30%3A00", RunQuery.Write(read));
        Assert.Equal(read, RunQuery.Read(RunQuery.Write(read)).Request);
    }

    [Theory]
    [InlineData("a\0b")]
    [InlineData("שלום\nمرحبا")]
    [InlineData("+ & = % # ?")]
    [InlineData("<script>alert('x')</script>")]
    [InlineData("从前有一只小猫 🐈")]
    public void A_prompt_of_any_characters_comes_back(string prompt) =>
        Assert.Equal(prompt, RunQuery.Read(RunQuery.Write(new RunRequest { Prompt = prompt })).Request.Prompt);

    [Fact]
    public void A_prompt_that_an_address_cannot_carry_is_named_there()
    {
        var texts = new[] { new string('x', 6001), new string('语', 700), "lone \ud800", "\udc00 lone", "\ud83d" };
        foreach (var prompt in texts)
        {
            Assert.True(RunQuery.IsTooLarge(prompt));
            var request = new RunRequest { Prompt = prompt, Seed = 3 };
            var address = RunQuery.Write(request);
            Assert.True(address.Length < 60, address);
            var reading = RunQuery.Read(address);
            Assert.Equal(RunQuery.Reference(prompt), reading.References["prompt"]);
            Assert.Equal([("prompt", RunQuery.Reference(prompt))], RunQuery.LongTexts(request));
            Assert.Equal(new RunRequest { Seed = 3 }, reading.Request);
        }

        Assert.Distinct(texts.Select(RunQuery.Reference));
        Assert.False(RunQuery.IsTooLarge(new string('x', 6000)));
        Assert.False(RunQuery.IsTooLarge("🐈"));
        Assert.Empty(RunQuery.LongTexts(new RunRequest { Prompt = "short" }));
    }

    [Fact]
    public void A_source_and_a_prompt_share_the_room_of_an_address()
    {
        var request = new RunRequest { Source = new string('s', 3001), Prompt = new string('p', 3000) };
        Assert.Equal(["source"], RunQuery.LongTexts(request).Select(text => text.Name));
        var reading = RunQuery.Read(RunQuery.Write(request));
        Assert.Equal((null, request.Prompt), (reading.Request.Source, reading.Request.Prompt));
        Assert.Equal(["source"], reading.References.Keys);
    }

    [Fact]
    public void A_text_gives_way_to_long_lists_and_a_short_one_stays()
    {
        var lists = new RunRequest { Stopping = new StoppingOptions { StopStrings = [new string('s', 4_000)] } };
        Assert.Contains("prompt=", RunQuery.Write(lists with { Prompt = new string('p', 500) }), StringComparison.Ordinal);
        Assert.Contains("prompt_ref=", RunQuery.Write(lists with { Prompt = new string('p', 5_000) }), StringComparison.Ordinal);
        Assert.Contains("prompt=", RunQuery.Write(new RunRequest { Prompt = new string('p', 5_000) }), StringComparison.Ordinal);
    }
}
