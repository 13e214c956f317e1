using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.State;

namespace LmPlayground.Web.Tests;

public sealed class AddressTests
{
    private static readonly SamplingOptions Defaults = new();

    public static TheoryData<string> Parameters => [.. SamplingStages.Parameters.Select(parameter => parameter.Name)];

    [Fact]
    public void Lists_of_texts_go_into_the_address_and_back_and_what_cannot_be_read_is_said()
    {
        var breakers = SamplingStages.Texts.Single(texts => texts.Name == "dry_sequence_breakers");
        var words = SamplingStages.Texts.Single(texts => texts.Name == "bad_words");
        foreach (var state in new[]
        {
            new PlaygroundState().With(words, ["a b", "\n\t\\", "日本&=?"]),
            new PlaygroundState().With(breakers, []),
            new PlaygroundState().With(breakers, ["x"]).With(words, [";"]),
        })
            Assert.Equal(state, Read(AddressWriter.Write(state)).State);

        var reading = Read("?logit_bias=cat%3D%2B5&logit_bias=nonsense");
        Assert.Equal(["cat=+5"], reading.State.ChosenTexts["logit_bias"]);
        Assert.Contains("nonsense", Assert.Single(reading.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_of_defaults_has_an_empty_address() => Assert.Equal("", AddressWriter.Write(new PlaygroundState()));

    [Fact]
    public void Any_state_comes_back_from_its_address()
    {
        var random = new Random(20_260_101);
        for (var i = 0; i < 500; i++)
        {
            var state = Any(random);
            var reading = Read(AddressWriter.Write(state));
            Assert.Equal(state, reading.State);
            Assert.Empty(reading.Notices);
            Assert.Equal(state.Sampling(Defaults), reading.State.Sampling(Defaults));
        }
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public void Every_declared_parameter_is_clamped_and_reported(string name)
    {
        var parameter = SamplingStages.Parameters.Single(parameter => parameter.Name == name);
        foreach (var (text, value) in new[] { ("1e300", parameter.Maximum), ("-1e300", parameter.Minimum), ("Infinity", parameter.Maximum) })
        {
            var reading = Read($"?{name}={text}");
            Assert.Equal(value, reading.State.Chosen[name]);
            Assert.StartsWith($"{name} {text} is outside ", Assert.Single(reading.Notices), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public void Every_declared_parameter_that_is_no_number_is_ignored_and_reported(string name)
    {
        foreach (var text in new[] { "warm", "", "NaN", "1,5", "0x10" })
        {
            var reading = Read($"?{name}={text}");
            Assert.Empty(reading.State.Chosen);
            Assert.Equal($"{name} '{text}' is no number: it is ignored.", Assert.Single(reading.Notices));
        }
    }

    [Fact]
    public void A_notice_says_what_is_used_instead()
    {
        Assert.Equal("temperature 9 is outside 0 to 5: 5 is used.", Assert.Single(Read("?temperature=9").Notices));
        Assert.Equal("top_k 8.5 is no whole number: 8 is used.", Assert.Single(Read("?top_k=8.5").Notices));
        Assert.Equal("max_new_tokens 0 is no whole number from 1 to 100,000: 1 is used.", Assert.Single(Read("?max_new_tokens=0").Notices));
        Assert.StartsWith("seed 'x' is no whole number", Assert.Single(Read("?seed=x").Notices), StringComparison.Ordinal);
        Assert.Equal("order names 'magic', which is no stage: it is left out.", Assert.Single(Read("?order=top_k,magic").Notices));
        Assert.StartsWith("stop_token_id 'a' is no token id", Assert.Single(Read("?stop_token_id=a").Notices), StringComparison.Ordinal);
        Assert.StartsWith(@"stop '\q' is left out", Assert.Single(Read(@"?stop=%5Cq").Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_names_are_ignored()
    {
        var reading = Read("?utm_source=x&min_q=3&temperature=0.5&&=&%zz");
        Assert.Equal(new PlaygroundState().With(TemperatureStage.Temperature, 0.5, Defaults), reading.State);
        Assert.Empty(reading.Notices);
    }

    [Fact]
    public void A_stage_that_an_order_names_twice_runs_once() =>
        Assert.Equal(new StageOrder("top_k", "top_p"), Read("?order=top_k,top_p,top_k").State.Order);

    [Fact]
    public void A_random_seed_is_minus_one() => Assert.Null(Read("?seed=-1").State.Seed);

    [Fact]
    public void A_value_that_is_the_models_own_is_no_choice()
    {
        var defaults = Defaults.With(TemperatureStage.Temperature, 0.8);
        var state = new PlaygroundState().With(TemperatureStage.Temperature, 1, defaults);
        Assert.Equal("?temperature=1", AddressWriter.Write(state));
        Assert.Equal("", AddressWriter.Write(state.With(TemperatureStage.Temperature, 0.8, defaults)));
        Assert.Equal(1, state.Sampling(defaults).Temperature);
    }

    [Fact]
    public void An_empty_prompt_is_kept_apart_from_none()
    {
        Assert.Equal("", Read("?prompt=").State.Prompt);
        Assert.Null(Read("").State.Prompt);
    }

    [Fact]
    public void Line_ends_are_those_of_a_text_box() => Assert.Equal("a\nb\nc\n\u2028\f", Read("?prompt=a%0D%0Ab%0Dc%0A%E2%80%A8%0C").State.Prompt);

    [Theory]
    [InlineData("a\0b")]
    [InlineData("שלום\nمرحبا")]
    [InlineData("+ & = % # ?")]
    [InlineData("从前有一只小猫 🐈")]
    public void A_prompt_of_any_characters_comes_back(string prompt) =>
        Assert.Equal(prompt, Read(AddressWriter.Write(new PlaygroundState { Prompt = prompt })).State.Prompt);

    [Fact]
    public void A_prompt_that_an_address_cannot_carry_is_named_there()
    {
        var texts = new[] { new string('x', 6001), new string('语', 700), "lone \ud800", "\udc00 lone", "\ud83d" };
        foreach (var prompt in texts)
        {
            Assert.True(AddressWriter.IsTooLarge(prompt));
            var address = AddressWriter.Write(new PlaygroundState { Prompt = prompt, Seed = 3 });
            Assert.True(address.Length < 60, address);
            var reading = Read(address);
            Assert.Equal(AddressWriter.Reference(prompt), reading.PromptReference);
            Assert.Null(reading.State.Prompt);
        }

        Assert.Equal(texts.Length, texts.Select(AddressWriter.Reference).Distinct().Count());
        Assert.False(AddressWriter.IsTooLarge(new string('x', 6000)));
        Assert.False(AddressWriter.IsTooLarge("🐈"));
    }

    [Theory]
    [InlineData("?max_time=-1", "max_time -1 is outside 0 to 86,400: 0 is used.")]
    [InlineData("?max_time=NaN", "max_time 'NaN' is no number: it is ignored.")]
    [InlineData("?stop_below_probability=1.5", "stop_below_probability 1.5 is outside 0 to 1: 1 is used.")]
    [InlineData("?repetition_min_count=1", "repetition_min_count 1 is outside 2 to 1,000: 2 is used.")]
    [InlineData("?stop_above_entropy_tokens=2.5", "stop_above_entropy_tokens 2.5 is no whole number: 2 is used.")]
    public void A_stop_criterion_out_of_range_is_replaced_and_reported(string query, string notice) =>
        Assert.Equal([notice], Read(query).Notices);

    private static AddressReading Read(string query) => AddressReader.Read(new Uri("http://localhost/" + query));

    private static PlaygroundState Any(Random random)
    {
        var state = new PlaygroundState
        {
            ModelId = random.Next(2) == 0 ? null : "model " + random.Next(),
            Prompt = random.Next(3) == 0 ? null : AnyText(random, random.Next(40)),
            Order = random.Next(2) == 0 ? StageOrder.LlamaCpp : new StageOrder(Shuffled(random)),
            Seed = random.Next(2) == 0 ? null : (ulong)random.NextInt64(long.MinValue, long.MaxValue),
            Stopping = new StoppingOptions
            {
                MaxNewTokens = random.Next(1, 5000),
                StopAtEndOfSequence = random.Next(2) == 0,
                IncludeStopString = random.Next(2) == 0,
                StopStrings = [.. Enumerable.Range(0, random.Next(3)).Select(i => i + AnyText(random, 5))],
                StopTokenIds = [.. Enumerable.Range(0, random.Next(3)).Select(i => i * 1000 + random.Next(1000))],
            },
        };
        foreach (var parameter in StoppingRules.AdvancedNumbers.Where(_ => random.Next(2) == 0))
        {
            var value = parameter.Clamp(parameter.Minimum + (random.NextDouble() * parameter.SliderMaximum));
            state = state with { Stopping = state.Stopping.With(parameter, value) };
        }

        foreach (var parameter in SamplingStages.Parameters.Where(_ => random.Next(2) == 0))
            state = state.With(parameter, parameter.Clamp(parameter.Minimum + random.NextDouble() * (parameter.SliderMaximum - parameter.Minimum)), Defaults);
        return state;
    }

    private static string[] Shuffled(Random random)
    {
        var names = SamplingStages.All.Select(stage => stage.Name).ToArray();
        random.Shuffle(names);
        return names[..random.Next(1, names.Length + 1)];
    }

    private static string AnyText(Random random, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => random.Next(5) switch
        {
            0 => "\n",
            1 => "🐈",
            2 => ((char)random.Next(1, 32)).ToString().Replace('\r', '\n'),
            3 => "%&=+#\\\"' "[random.Next(9)].ToString(),
            _ => ((char)random.Next(0x20, 0x2fff)).ToString(),
        }));
}
