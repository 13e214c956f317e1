using System.Collections.Immutable;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Search;
using LmPlayground.Models;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Generation.Tests.Support;

/// <summary>Models of a few tokens whose every sequence can be counted.</summary>
public static class TinyModels
{
    public const int Tokens = 5;

    /// <summary>A model whose distribution depends on all that was read, without pattern.</summary>
    public static FakeModel Random(int seed, int[]? endOfSequence = null) =>
        Of(history => Distribution(history.Aggregate(seed, (hash, token) => unchecked(hash * 31 + token + 7))), endOfSequence);

    /// <summary>A model of the same distribution after everything.</summary>
    public static FakeModel Constant(params double[] probabilities) => Of(_ => probabilities, [0]);

    public static FakeModel Of(Func<IReadOnlyList<int>, double[]> probabilities, int[]? endOfSequence = null) => new(endOfSequence: endOfSequence)
    {
        Script = history =>
        {
            var logits = Enumerable.Repeat(float.NegativeInfinity, FakeModel.VocabularySize).ToArray();
            var given = probabilities(history);
            for (var id = 0; id < given.Length; id++)
                logits[id] = (float)Math.Log(given[id]);
            return logits;
        },
    };

    public static GenerationRequest Request(ILanguageModel model, int tokens = 4, SamplingOptions? sampling = null) => new()
    {
        Model = model,
        PromptIds = [1, 2],
        Sampling = sampling ?? new SamplingOptions(),
        Stopping = new StoppingOptions { MaxNewTokens = tokens },
        Seed = 11,
    };

    public static async Task<BeamStep> Search(ILanguageModel model, BeamSearchOptions options, int tokens = 4, SamplingOptions? sampling = null)
    {
        using var engine = new GenerationEngine();
        return await new BeamSearch(engine, Request(model, tokens, sampling), options).LastAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Every sequence that ends with token 0 or has all its tokens, with the sum of its log-probabilities.</summary>
    public static List<(ImmutableArray<int> Ids, double Sum)> Enumerate(FakeModel model, int tokens, bool tokenZeroEnds)
    {
        var complete = new List<(ImmutableArray<int>, double)>();
        Extend([], 0);
        return complete;

        void Extend(ImmutableArray<int> ids, double sum)
        {
            if (ids.Length == tokens || (tokenZeroEnds && ids.LastOrDefault(1) == 0))
            {
                complete.Add((ids, sum));
                return;
            }

            var logits = model.Script!([1, 2, .. ids])!;
            var total = logits.Sum(logit => Math.Exp(logit));
            for (var id = 0; id < Tokens; id++)
                Extend(ids.Add(id), sum + logits[id] - Math.Log(total));
        }
    }

    private static double[] Distribution(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Tokens).Select(_ => random.NextDouble() + 0.01)];
    }
}
