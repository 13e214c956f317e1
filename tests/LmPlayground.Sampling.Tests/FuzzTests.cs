using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Tests.Support;

namespace LmPlayground.Sampling.Tests;

/// <summary>Random settings in random orders over hard logits: what holds of every chain.</summary>
public class FuzzTests
{
    public static TheoryData<int> Seeds { get; } = [.. Enumerable.Range(0, 400)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_chain_leaves_something_to_draw_or_names_the_stage_that_did_not(int seed)
    {
        var random = new System.Random(seed);
        var logits = HardLogits.Make(random.Next(10_000));
        var options = RandomOptions(random);
        int[] history = [.. Enumerable.Range(0, random.Next(0, 200)).Select(_ => random.Next(Math.Min(logits.Length, 1 << random.Next(1, 12))))];
        var prompt = random.Next(history.Length + 1);
        var vocabulary = new FakeVocabulary([.. Enumerable.Range(0, logits.Length).Select(id => id < 26 ? ((char)('a' + id)).ToString() : $"{id}:")])
        {
            EndOfSequenceIds = [0],
            StopTokenIds = [Math.Min(1, logits.Length - 1)],
        };
        SamplerChain chain;
        try
        {
            chain = ChainRunner.Run(logits, options, history, prompt, vocabulary, (ulong)seed);
        }
        catch (InvalidLogitsException exception)
        {
            Assert.Equal(StageGroup.Constraint, SamplingStages.Find(exception.Stage)!.Group);
            return;
        }
        catch (SettingException exception) when (exception.Message.Contains("no tokens for the text", StringComparison.Ordinal))
        {
            return;
        }

        AssertSane(chain, logits);
        AssertDraws(chain, seed);

        var untraced = ChainRunner.Run(logits, options, history, prompt, vocabulary, (ulong)seed, trace: false);
        Assert.Equal(chain.Kept(), untraced.Kept());
        Assert.Equal(chain.Logits(), untraced.Logits());
        Assert.Equal(chain.Candidates.Draw(0.37), untraced.Candidates.Draw(0.37));
    }

    internal static SamplingOptions RandomOptions(System.Random random)
    {
        var names = SamplingStages.All.Select(stage => stage.Name).ToArray();
        random.Shuffle(names);
        var options = new SamplingOptions { Order = new StageOrder(names.AsSpan(0, random.Next(names.Length + 1))) };
        foreach (var parameter in SamplingStages.Parameters)
        {
            // Adaptive stages replace the rest, so they are on less often.
            var isAdaptive = SamplingStages.All.Single(stage => stage.Parameters.Contains(parameter)).Group == StageGroup.Adaptive;
            if (random.Next(isAdaptive ? 12 : 3) == 0)
                options = options.With(parameter, RandomValue(parameter, random));
        }

        string[] words = ["a", "b", "cab", "e"];
        if (random.Next(6) == 0)
            options = options.With(BadWordsStage.Words, [words[random.Next(4)]]);
        if (random.Next(12) == 0)
            options = options.With(AllowedWordsStage.Words, [words[random.Next(4)]]);
        if (random.Next(4) == 0)
            options = options.With(LogitBiasStage.Entries, ["#0=100", "a=-3.5"]);
        return options;
    }

    private static double RandomValue(NumberParameter parameter, System.Random random) => random.Next(5) switch
    {
        0 => parameter.Minimum,
        1 => parameter.Maximum,
        2 => parameter.Default,
        _ => parameter.Clamp(parameter.Minimum + random.NextDouble() * (parameter.SliderMaximum - parameter.Minimum)),
    };

    private static void AssertSane(SamplerChain chain, float[] logits)
    {
        var kept = chain.Kept();
        Assert.Equal(chain.Candidates.Count, kept.Length);
        Assert.NotEmpty(kept);
        Assert.All(kept, id => Assert.True(float.IsFinite(logits[id])));
        Assert.Equal(1, kept.Sum(chain.Candidates.Probability), 1e-9);
        Assert.InRange(chain.Candidates.Entropy, 0, Math.Log2(kept.Length) + 1e-9);
        foreach (var trace in chain.Traces)
        {
            Assert.InRange(trace.RemovedMass, 0, 1);
            Assert.InRange(trace.EntropyBefore, 0, 20);
            Assert.InRange(trace.EntropyAfter, 0, 20);
            Assert.Equal(trace.Changed, trace.InertReason is null);
        }

        // Each token that is gone was removed by the stage after which the count says so.
        var before = logits.Count(float.IsFinite);
        foreach (var trace in chain.Traces)
        {
            Assert.Equal(before - trace.Kept, Enumerable.Range(0, logits.Length).Count(id => chain.RemovedBy(id) == trace.Stage));
            before = trace.Kept;
        }
    }

    private static void AssertDraws(SamplerChain chain, int seed)
    {
        for (var position = 0; position < 20; position++)
        {
            var draw = TokenSampler.Draw(chain.Candidates, (ulong)seed, position);
            Assert.True(chain.Candidates.Probability(draw.Id) > 0);
            Assert.InRange(draw.U, draw.Low - 1e-15, draw.High + 1e-15);
            chain.Observe(draw);
            Assert.True(chain.State is null || double.IsFinite(chain.State.Value));
        }
    }
}
