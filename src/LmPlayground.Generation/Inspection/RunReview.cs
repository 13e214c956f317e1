using System.Collections.Immutable;
using System.Runtime.InteropServices;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Steps;
using LmPlayground.Models;
using LmPlayground.Sampling;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Generation.Inspection;

/// <summary>
/// A run under other settings, from its kept logits: which of its tokens they would have removed, what the same dice would have drawn,
/// and any step in full. The tokens before each step are the run's own.
/// </summary>
/// <remarks>Immutable view of the steps so far; thread-safe. The model runs only where a step's logits were let go and that step is asked for.</remarks>
public sealed class RunReview
{
    private readonly GenerationEngine _engine;
    private readonly GenerationRequest _request;
    private readonly RunLogits _logits;
    private readonly IReadOnlyList<TokenStep> _steps;
    private readonly int[] _history;
    private readonly ILanguageModel _model;

    /// <summary>A review of the first steps of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="steps">Its steps, from its first one on.</param>
    public RunReview(GenerationRun run, IReadOnlyList<TokenStep> steps)
        : this(run.Engine, run.Request, run.Logits, steps)
    {
    }

    /// <summary>A review of steps that were made for a request with the engine's sequences, and whose logits lie in its memory.</summary>
    internal RunReview(GenerationEngine engine, GenerationRequest request, RunLogits logits, IReadOnlyList<TokenStep> steps)
    {
        _engine = engine;
        _request = request;
        _logits = logits;
        _steps = steps;
        _model = request.Model;
        _history = [.. request.PromptIds, .. request.ContinuedIds, .. steps.Select(step => step.Id)];
    }

    /// <summary>The same review with another instance of the run's model, which has been unloaded since.</summary>
    /// <param name="review">The review.</param>
    /// <param name="model">Computes what was let go. It has the weights of the run's own.</param>
    public RunReview(RunReview review, ILanguageModel model)
    {
        (_engine, _request, _logits, _steps, _history) = (review._engine, review._request, review._logits, review._steps, review._history);
        _model = model;
    }

    private int VocabularySize => _request.Model.Card.VocabularySize;

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
            if (!_logits.TryCopy(index, logits))
                continue;
            var step = _steps[index];
            Restore(chain, options, step);
            chain.Run(logits, ContextOf(step), trace: false);
            var draw = chain.Candidates.Draw(step.Draw.U);
            outcomes.Add(new StepOutcome(index, chain.RemovedBy(step.Id), chain.Candidates.Probability(step.Id), draw.Id));
            chain.Observe(draw);
        }

        return outcomes.ToImmutable();
    }

    /// <summary>One step in full, as <paramref name="options"/> would have sampled it: its own token, new stages, probabilities and draw.</summary>
    /// <param name="index">The step, from 0.</param>
    /// <param name="options">The other settings.</param>
    /// <param name="cancellationToken">Stops the model where it must run again.</param>
    public TokenStep Inspect(int index, SamplingOptions options, CancellationToken cancellationToken = default) =>
        Inspect(index, LogitsOf(index, cancellationToken), options, cancellationToken);

    /// <summary>The same where the step's logits are still kept, else null: the model does not run.</summary>
    /// <param name="index">The step, from 0.</param>
    /// <param name="options">The other settings.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    public TokenStep? InspectKept(int index, SamplingOptions options, CancellationToken cancellationToken = default) =>
        FindLogits(index) is { } logits ? Inspect(index, logits, options, cancellationToken) : null;

    private TokenStep Inspect(int index, float[] logits, SamplingOptions options, CancellationToken cancellationToken)
    {
        var step = _steps[index];
        var chain = ChainBefore(index, options, cancellationToken);
        var state = chain.State;
        chain.Run(logits, ContextOf(step));
        var draw = chain.Candidates.Draw(step.Draw.U);
        chain.Observe(draw);
        return new TokenStepBuilder(_request.Model.Tokenizer, _request.TopCandidates)
            .Build(logits, chain, step.Position, step.Id, draw) with
        {
            Text = step.Text,
            Released = step.Released,
            FinishReason = step.FinishReason,
            IsForced = step.IsForced,
            Stop = step.Stop,
            SamplerState = state,
            SamplerStateAfter = chain.State,
        };
    }

    /// <summary>The model's logits before a step, indexed by token id, where they are still kept, else null.</summary>
    /// <param name="index">The step, from 0.</param>
    public float[]? FindLogits(int index)
    {
        var logits = new float[VocabularySize];
        return _logits.TryCopy(index, logits) ? logits : null;
    }

    /// <summary>The probabilities of a step over the whole vocabulary.</summary>
    /// <param name="index">The step, from 0.</param>
    /// <param name="options">Other settings than the run's own, or null.</param>
    /// <param name="cancellationToken">Stops the model where it must run again.</param>
    public StepDistribution Distribution(int index, SamplingOptions? options = null, CancellationToken cancellationToken = default)
    {
        var logits = LogitsOf(index, cancellationToken);
        var model = new CandidateSet();
        model.Load(logits);
        var chain = ChainBefore(index, options ?? _request.Sampling, cancellationToken);
        chain.Run(logits, ContextOf(_steps[index]), trace: false);
        return new StepDistribution(Probabilities(model), Probabilities(chain.Candidates));
    }

    /// <summary>
    /// Draws the token of a step many times over and lays the counts over the probabilities. The random numbers have a purpose of their own and
    /// do not touch the run's; the same step gives the same counts.
    /// </summary>
    /// <param name="index">The step, from 0.</param>
    /// <param name="draws">How many draws: 1 to <see cref="EmpiricalCheck.MostDraws"/>.</param>
    /// <param name="options">Other settings than the run's own, or null.</param>
    /// <param name="cancellationToken">Stops the draws, and the model where it must run again.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of draws.</exception>
    public EmpiricalCheck Check(int index, int draws, SamplingOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(draws, EmpiricalCheck.MostDraws);
        var logits = LogitsOf(index, cancellationToken);
        var chain = ChainBefore(index, options ?? _request.Sampling, cancellationToken);
        chain.Run(logits, ContextOf(_steps[index]), trace: false);
        var tally = new TokenTally(chain.Candidates);
        tally.Draw(draws, _request.Seed, _steps[index].Position, cancellationToken);
        var labels = TokenLabels.For(_request.Model.Tokenizer);
        return tally.Compare(draws, id => labels[id]);
    }

    private static ImmutableArray<double> Probabilities(CandidateSet candidates)
    {
        var probabilities = new double[candidates.VocabularySize];
        for (var id = 0; id < probabilities.Length; id++)
            probabilities[id] = candidates.Probability(id);
        return ImmutableCollectionsMarshal.AsImmutableArray(probabilities);
    }

    /// <summary>The model's logits before a step, indexed by token id.</summary>
    /// <param name="index">The step, from 0.</param>
    /// <param name="cancellationToken">Stops the model where it must run again.</param>
    public float[] LogitsOf(int index, CancellationToken cancellationToken = default)
    {
        var logits = new float[VocabularySize];
        if (!_logits.TryCopy(index, logits))
            Recompute(index, logits, cancellationToken);
        return logits;
    }

    /// <summary>Computes the logits of a step again that were let go: the same pieces give the same bits.</summary>
    private void Recompute(int index, Span<float> logits, CancellationToken cancellationToken)
    {
        using var lease = _engine.Rent(_model, _request.PromptIds, [.. _request.ContinuedIds, .. _steps.Take(index).Select(earlier => earlier.Id)]);
        lease.ReadAll(null, cancellationToken).CopyTo(logits);
        lease.Keep();
    }

    private SamplerChain ChainBefore(int index, SamplingOptions options, CancellationToken cancellationToken)
    {
        var chain = Chain(options);
        if (chain.State is not null)
            Advance(chain, options, index, cancellationToken);
        return chain;
    }

    private SamplerChain Chain(SamplingOptions options) =>
        new(options, new ModelVocabulary(_request.Model, _request.Stopping));

    /// <summary>
    /// Brings an adaptive stage to where it stands before a step. For the run's own settings the step says so; other settings are
    /// followed from the first step on, along what the same dice draw under them, as far as logits are kept.
    /// </summary>
    private void Advance(SamplerChain chain, SamplingOptions options, int index, CancellationToken cancellationToken)
    {
        var logits = new float[VocabularySize];
        for (var earlier = 0; earlier < index && !options.Equals(_request.Sampling); earlier++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_logits.TryCopy(earlier, logits))
                continue;
            chain.Run(logits, ContextOf(_steps[earlier]), trace: false);
            chain.Observe(chain.Candidates.Draw(_steps[earlier].Draw.U));
        }

        Restore(chain, options, _steps[index]);
    }

    private void Restore(SamplerChain chain, SamplingOptions options, TokenStep step)
    {
        if (options.Equals(_request.Sampling))
            chain.State = step.SamplerState;
    }

    private SamplingContext ContextOf(TokenStep step) =>
        new(_history.AsSpan(0, step.Position), _request.PromptIds.Length, _request.Seed);
}
