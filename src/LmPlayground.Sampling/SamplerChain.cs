using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Numerics;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Tracing;

namespace LmPlayground.Sampling;

/// <summary>
/// The stages of one strategy in their order, run over the logits of one token after another. What they leave a <see cref="TokenSampler"/> draws from.
/// </summary>
/// <remarks>Keeps its buffers from token to token: not thread-safe, and a run has one of its own.</remarks>
public sealed class SamplerChain
{
    private readonly ImmutableArray<ChainLink> _stages;
    private readonly IAdaptiveProcessor? _adaptive;
    private readonly StageTrace[] _traces;
    private int _traceCount;

    /// <summary>A chain of the stages that <paramref name="options"/> turn on.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="vocabulary">What stages may know of the model's tokens; those that need none do without.</param>
    /// <exception cref="SettingException">The order names a stage that does not exist, or a text fits no token of the vocabulary.</exception>
    /// <exception cref="InvalidOperationException">A stage that is on must know the tokens, and there is no vocabulary.</exception>
    public SamplerChain(SamplingOptions options, ISamplingVocabulary? vocabulary = null)
    {
        Options = options;
        _stages = [.. ChainLink.Of(options, vocabulary)];
        _adaptive = _stages.Select(link => link.Processor).OfType<IAdaptiveProcessor>().FirstOrDefault();
        _traces = new StageTrace[_stages.Length];
    }

    /// <summary>The settings.</summary>
    public SamplingOptions Options { get; }

    /// <summary>The tokens that the last run left.</summary>
    public CandidateSet Candidates { get; } = new();

    /// <summary>What the adaptive stage remembers from token to token (mirostat's mu), or null where there is none. Setting it resumes a run.</summary>
    public double? State
    {
        get => _adaptive?.State;
        set
        {
            if (_adaptive is not null && value is { } state)
                _adaptive.State = state;
        }
    }

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
            Candidates.BeginStage(i + 1, _stages[i].Stage.Name);
            if (trace)
                _traces[_traceCount++] = RunTraced(_stages[i], context);
            else
                _stages[i].Processor?.Apply(Candidates, context);
        }
    }

    /// <summary>Tells the adaptive stage what was drawn from the last run's candidates: call it once after each draw of a run.</summary>
    public void Observe(in TokenDraw draw) =>
        _adaptive?.Observe(-Exponential.Log(Candidates.Probability(draw.Id)) * CandidateSet.BitsPerNat);

    /// <summary>The name of the stage that removed a token in the last run, or null for one that is left or that the model ruled out.</summary>
    public string? RemovedBy(int id) =>
        Candidates.RemovedBy(id) is > 0 and var number ? _stages[number - 1].Stage.Name : null;

    private StageTrace RunTraced(in ChainLink link, in SamplingContext context)
    {
        var countBefore = Candidates.Count;
        var entropyBefore = Candidates.Entropy;
        var massBefore = Candidates.Mass;
        link.Processor?.Apply(Candidates, context);

        var removed = countBefore - Candidates.Count;
        var changed = removed > 0 || (Candidates.Moved > 0 && countBefore > 1);
        return new StageTrace(
            link.Stage.Name,
            Candidates.Count,
            removed == 0 ? 0 : Candidates.RemovedSince(massBefore),
            entropyBefore,
            changed ? Candidates.Entropy : entropyBefore,
            Candidates.Moved)
        {
            Changed = changed,
            Value = link.Value,
            Inert = changed ? default
                : link.ReplacedBy is { } other ? new InertCause(InertKind.Replaced, other.Name, countBefore)
                : InertCause.Find(link.Stage, Options, countBefore, Traces, context),
        };
    }
}
