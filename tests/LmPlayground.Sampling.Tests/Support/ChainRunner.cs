using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Sampling.Tests.Support;

public static class ChainRunner
{
    public static SamplerChain Run(float[] logits, SamplingOptions options, bool trace = true) => Run(logits, options, [0], 1, trace: trace);

    public static SamplerChain Run(
        float[] logits, SamplingOptions options, int[] history, int promptLength,
        ISamplingVocabulary? vocabulary = null, ulong seed = 7, bool trace = true)
    {
        var chain = new SamplerChain(options, vocabulary);
        chain.Run(logits, new SamplingContext(history, promptLength, seed), trace);
        return chain;
    }

    /// <summary>One stage alone.</summary>
    public static SamplerChain Run(float[] logits, NumberParameter parameter, double value) => Run(logits, Only(parameter, value));

    /// <summary>The settings with one stage alone.</summary>
    public static SamplingOptions Only(NumberParameter parameter, double value) =>
        new SamplingOptions { Order = new StageOrder(StageOf(parameter).Name) }.With(parameter, value);

    public static int[] Kept(this SamplerChain chain) =>
        [.. Enumerable.Range(0, chain.Candidates.VocabularySize).Where(chain.Candidates.Contains)];

    public static float[] Logits(this SamplerChain chain) =>
        [.. Enumerable.Range(0, chain.Candidates.VocabularySize).Select(id => (float)chain.Candidates.Logit(id))];

    private static SamplingStage StageOf(NumberParameter parameter) => SamplingStages.All.Single(stage => stage.Parameters.Contains(parameter));
}
