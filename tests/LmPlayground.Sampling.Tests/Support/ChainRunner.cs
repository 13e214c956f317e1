using LmPlayground.Sampling.Stages;

namespace LmPlayground.Sampling.Tests.Support;

public static class ChainRunner
{
    public static SamplerChain Run(float[] logits, SamplingOptions options, bool trace = true)
    {
        var chain = new SamplerChain(options);
        chain.Run(logits, new SamplingContext([0], 1, 7), trace);
        return chain;
    }

    public static SamplerChain Run(float[] logits, StageParameter parameter, double value) =>
        Run(logits, new SamplingOptions().With(parameter, value));

    public static int[] Kept(this SamplerChain chain) =>
        [.. Enumerable.Range(0, chain.Candidates.VocabularySize).Where(chain.Candidates.Contains)];
}
