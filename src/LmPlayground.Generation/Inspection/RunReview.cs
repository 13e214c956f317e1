using System.Collections.Immutable;
using LmPlayground.Sampling;

namespace LmPlayground.Generation;

/// <summary>
/// A run under other settings, from its kept logits: which of its tokens they would have removed, what the same dice would have drawn,
/// and any step in full. The tokens before each step are the run's own.
/// </summary>
/// <remarks>Immutable view of the steps so far; thread-safe. The model runs only where a step's logits were let go and that step is asked for.</remarks>
public sealed class RunReview
{
    private readonly GenerationRun _run;
    private readonly GenerationEngine _engine;
    private readonly IReadOnlyList<TokenStep> _steps;
    private readonly int[] _history;

    /// <summary>A review of the first steps of a run.</summary>
    /// <param name="engine">The engine that made the run.</param>
    /// <param name="run">The run.</param>
    /// <param name="steps">Its steps, from its first one on.</param>
    public RunReview(GenerationEngine engine, GenerationRun run, IReadOnlyList<TokenStep> steps)
    {
        _engine = engine;
        _run = run;
        _steps = steps;
        _history = [.. run.Request.PromptIds, .. run.Request.ContinuedIds, .. steps.Select(step => step.Id)];
    }

    private int VocabularySize => _run.Request.Model.Card.VocabularySize;

    /// <summary>What <paramref name="options"/> would have done at each step whose logits are still kept.</summary>
    /// <exception cref="OperationCanceledException">Cancelled between two steps.</exception>
    public ImmutableArray<StepOutcome> Compare(SamplingOptions options, CancellationToken cancellationToken = default)
    {
        var chain = Chain(options);
        var logits = new float[VocabularySize];
        var outcomes = ImmutableArray.CreateBuilder<StepOutcome>(_steps.Count);
        for (var index = 0; index < _steps.Count; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_run.Logits.TryCopy(index, logits))
                continue;
            var step = _steps[index];
            Restore(chain, options, step);
            chain.Run(logits, ContextOf(step), trace: false);
            var draw = TokenSampler.DrawAt(chain.Candidates, step.Draw.U);
            outcomes.Add(new StepOutcome(index, chain.RemovedBy(step.Id), chain.Candidates.Probability(step.Id), draw.Id));
            chain.Observe(draw);
        }

        return outcomes.ToImmutable();
    }

    /// <summary>One step in full, as <paramref name="options"/> would have sampled it: its own token, new stages, probabilities and draw.</summary>
    /// <param name="index">The step, from 0.</param>
    /// <param name="options">The other settings.</param>
    /// <param name="cancellationToken">Stops the model where it must run again.</param>
    public TokenStep Inspect(int index, SamplingOptions options, CancellationToken cancellationToken = default)
    {
        var step = _steps[index];
        var logits = new float[VocabularySize];
        if (!_run.Logits.TryCopy(index, logits))
            _engine.Recompute(_run.Request, _steps.Take(index).Select(earlier => earlier.Id), logits, cancellationToken);
        var chain = Chain(options);
        if (chain.State is not null)
            Advance(chain, options, index, cancellationToken);
        var state = chain.State;
        chain.Run(logits, ContextOf(step));
        var draw = TokenSampler.DrawAt(chain.Candidates, step.Draw.U);
        chain.Observe(draw);
        return new StepBuilder(_run.Request.Model.Tokenizer, _run.Request.TopCandidates)
            .Build(logits, chain, step.Position, step.Id, draw) with
        {
            Text = step.Text,
            Released = step.Released,
            FinishReason = step.FinishReason,
            Stop = step.Stop,
            SamplerState = state,
            SamplerStateAfter = chain.State,
        };
    }

    private SamplerChain Chain(SamplingOptions options) =>
        new(options, new ModelVocabulary(_run.Request.Model, _run.Request.Stopping));

    /// <summary>
    /// Brings an adaptive stage to where it stands before a step. For the run's own settings the step says so; other settings are
    /// followed from the first step on, along what the same dice draw under them, as far as logits are kept.
    /// </summary>
    private void Advance(SamplerChain chain, SamplingOptions options, int index, CancellationToken cancellationToken)
    {
        var logits = new float[VocabularySize];
        for (var earlier = 0; earlier < index && !options.Equals(_run.Request.Sampling); earlier++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_run.Logits.TryCopy(earlier, logits))
                continue;
            chain.Run(logits, ContextOf(_steps[earlier]), trace: false);
            chain.Observe(TokenSampler.DrawAt(chain.Candidates, _steps[earlier].Draw.U));
        }

        Restore(chain, options, _steps[index]);
    }

    private void Restore(SamplerChain chain, SamplingOptions options, TokenStep step)
    {
        if (options.Equals(_run.Request.Sampling))
            chain.State = step.SamplerState;
    }

    private SamplingContext ContextOf(TokenStep step) =>
        new(_history.AsSpan(0, step.Position), _run.Request.PromptIds.Length, _run.Request.Seed);
}
