using LmPlayground.Sampling;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Generation.Steps;

/// <summary>ln softmax, with the sum that the sampler itself computes: the same bits on every machine.</summary>
/// <remarks>Keeps its buffers: not thread-safe.</remarks>
internal sealed class LogSoftmax
{
    private readonly SamplerChain _noStages = new(new SamplingOptions { Order = new StageOrder() });

    /// <summary>ln of the sum of e^logit of the logits measured last.</summary>
    internal double LogSum => _noStages.ModelLogSum;

    /// <summary>What the model thinks of a token, given its logit, and of the whole distribution measured last.</summary>
    internal TokenConfidence ConfidenceOf(float logit) => new(TokenRanking.Probability(logit, LogSum), _noStages.ModelEntropy);

    /// <summary>Checks logits and sums them up.</summary>
    /// <exception cref="InvalidLogitsException">NaN, +infinity, or no finite logit.</exception>
    internal void Measure(ReadOnlySpan<float> logits) => _noStages.Run(logits, new SamplingContext([], 0, 0));

    /// <summary>Writes the log-probabilities of the logits measured last, rounded once to float32.</summary>
    internal void Write(ReadOnlySpan<float> logits, Span<float> logProbabilities)
    {
        var logSum = LogSum;
        for (var id = 0; id < logits.Length; id++)
            logProbabilities[id] = (float)(logits[id] - logSum);
    }
}
