using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Tracing;

namespace LmPlayground.Sampling;

/// <summary>The stages of one strategy in their order, run over the logits of one token after another.</summary>
/// <remarks>Keeps its buffers from token to token: not thread-safe, and a run has one of its own.</remarks>
public sealed class SamplerChain
{
    private readonly ImmutableArray<(SamplingStage Stage, ILogitsProcessor Processor)> _stages;
    private readonly StageTrace[] _traces;
    private int _traceCount;

    /// <summary>A chain of the stages that <paramref name="options"/> turn on.</summary>
    /// <exception cref="ArgumentException">The order names a stage that does not exist.</exception>
    public SamplerChain(SamplingOptions options)
    {
        Options = options;
        _stages = [.. Build(options)];
        _traces = new StageTrace[_stages.Length];
    }

    /// <summary>The settings.</summary>
    public SamplingOptions Options { get; }

    /// <summary>The tokens that the last run left.</summary>
    public CandidateSet Candidates { get; } = new();

    /// <summary>What each stage did in the last run, if it was traced. Overwritten by the next run.</summary>
    public ReadOnlySpan<StageTrace> Traces => _traces.AsSpan(0, _traceCount);

    /// <summary>Entropy of the model's own distribution in the last run, in bits, if it was traced.</summary>
    public double ModelEntropy { get; private set; }

    /// <summary>ln of the sum of e^logit of the model's own logits in the last run, if it was traced.</summary>
    public double ModelLogSum { get; private set; }

    /// <summary>Runs every stage over <paramref name="logits"/>, which are not changed, and leaves the result in <see cref="Candidates"/>.</summary>
    /// <param name="logits">The model's logits, indexed by token id.</param>
    /// <param name="context">The tokens so far and the seed.</param>
    /// <param name="trace">Whether entropies and removed masses are computed; a run without costs nothing for them.</param>
    /// <exception cref="InvalidLogitsException">The logits have NaN, +infinity or nothing finite.</exception>
    public void Run(ReadOnlySpan<float> logits, in SamplingContext context, bool trace = true)
    {
        Candidates.Load(logits);
        _traceCount = 0;
        if (trace)
        {
            ModelEntropy = Candidates.Entropy;
            ModelLogSum = Candidates.LogSum;
        }

        for (var i = 0; i < _stages.Length; i++)
        {
            Candidates.BeginStage(i + 1);
            if (trace)
                RunTraced(_stages[i].Stage, _stages[i].Processor, context);
            else
                _stages[i].Processor.Apply(Candidates, context);
        }
    }

    /// <summary>The name of the stage that removed a token in the last run, or null for one that is left or that the model ruled out.</summary>
    public string? RemovedBy(int id) =>
        Candidates.RemovedBy(id) is > 0 and var number ? _stages[number - 1].Stage.Name : null;

    private static IEnumerable<(SamplingStage, ILogitsProcessor)> Build(SamplingOptions options)
    {
        foreach (var name in options.Order.Stages)
        {
            var stage = SamplingStages.Find(name) ?? throw new ArgumentException(
                $"There is no stage '{name}'. Known are: {string.Join(", ", SamplingStages.All.Select(known => known.Name))}.");
            if (stage.Create(options) is { } processor)
                yield return (stage, processor);
        }
    }

    private void RunTraced(SamplingStage stage, ILogitsProcessor processor, in SamplingContext context)
    {
        var countBefore = Candidates.Count;
        var entropyBefore = Candidates.Entropy;
        var logSumBefore = Candidates.LogSum;
        processor.Apply(Candidates, context);

        var removed = countBefore - Candidates.Count;
        var entropyAfter = Candidates.Entropy;
        var changed = removed > 0 || (Candidates.Moved > 0 && countBefore > 1);
        _traces[_traceCount] = new StageTrace(
            stage.Name,
            Candidates.Count,
            removed == 0 ? 0 : Math.Clamp(1 - Math.Exp(Candidates.LogSum - logSumBefore), 0, 1),
            entropyBefore,
            entropyAfter,
            Candidates.Moved)
        {
            Changed = changed,
            Inert = changed ? default : InertCause.Find(Options, countBefore, Traces),
        };
        _traceCount++;
    }
}
