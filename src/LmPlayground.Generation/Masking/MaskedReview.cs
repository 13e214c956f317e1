using System.Collections.Immutable;
using LmPlayground.Generation.Inspection;
using LmPlayground.Generation.Steps;
using LmPlayground.Models;
using LmPlayground.Sampling;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Generation.Masking;

/// <summary>
/// A run over a masked text under other settings, from its kept logits: which tokens they would have removed, what the same dice would
/// have drawn, and any step in full. What was filled before each step is the run's own.
/// </summary>
/// <remarks>Immutable view of the steps so far; thread-safe. The model runs only where a step's logits were let go and that step is asked for.</remarks>
/// <param name="run">The run.</param>
/// <param name="steps">Its steps so far.</param>
/// <param name="model">Another instance of the run's model, where that has been unloaded since; null for the run's own.</param>
public sealed class MaskedReview(MaskedTextRun run, IReadOnlyList<TokenStep> steps, IMaskedModel? model = null)
{
    private readonly MaskedRequest _request = run.Request;

    /// <summary>What <paramref name="options"/> would have done at each step whose logits are still kept.</summary>
    /// <exception cref="OperationCanceledException">Cancelled between two steps.</exception>
    public ImmutableArray<StepOutcome> Compare(SamplingOptions options, CancellationToken cancellationToken = default)
    {
        var chain = Chain(options);
        var first = chain.State;
        var logits = new float[_request.Model.Card.VocabularySize];
        var outcomes = ImmutableArray.CreateBuilder<StepOutcome>(steps.Count);
        for (var index = 0; index < steps.Count; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!run.Logits.TryCopy(index, logits))
                continue;
            Restore(chain, first, options, index);
            Run(chain, logits, index, trace: false);
            var draw = chain.Candidates.Draw(steps[index].Draw.U);
            outcomes.Add(new StepOutcome(index, chain.RemovedBy(steps[index].Id), chain.Candidates.Probability(steps[index].Id), draw.Id));
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
        var step = steps[index];
        var chain = Chain(options);
        var first = chain.State;
        var logits = new float[_request.Model.Card.VocabularySize];
        for (var earlier = 0; first is not null && earlier < index && !options.Equals(_request.Sampling); earlier++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_request.Task != MaskedTask.Fill || !run.Logits.TryCopy(earlier, logits))
                continue;
            Run(chain, logits, earlier, trace: false);
            chain.Observe(chain.Candidates.Draw(steps[earlier].Draw.U));
        }

        logits = LogitsOf(index, cancellationToken);
        Restore(chain, first, options, index);
        var state = chain.State;
        Run(chain, logits, index, trace: true);
        var draw = chain.Candidates.Draw(step.Draw.U);
        if (_request.Task != MaskedTask.Score)
            chain.Observe(draw);
        return new TokenStepBuilder(_request.Model.Tokenizer, _request.TopCandidates).Build(logits, chain, step.Position, step.Id, draw) with
        {
            Text = step.Text,
            Released = step.Released,
            SamplerState = state,
            SamplerStateAfter = chain.State,
        };
    }

    /// <summary>The model's logits before a step, indexed by token id.</summary>
    /// <param name="index">The step, from 0.</param>
    /// <param name="cancellationToken">Stops the model where it must run again.</param>
    public float[] LogitsOf(int index, CancellationToken cancellationToken = default)
    {
        var logits = new float[_request.Model.Card.VocabularySize];
        if (!run.Logits.TryCopy(index, logits))
            Recompute(index, logits, cancellationToken);
        return logits;
    }

    private SamplerChain Chain(SamplingOptions options) => new(options, new ModelVocabulary(_request.Model, new StoppingOptions()));

    /// <summary>Only fills pass an adaptive stage's memory on from one to the next.</summary>
    private void Restore(SamplerChain chain, double? first, SamplingOptions options, int index)
    {
        if (_request.Task != MaskedTask.Fill)
            chain.State = first;
        else if (options.Equals(_request.Sampling))
            chain.State = steps[index].SamplerState;
    }

    private int[] TokensBefore(int index) => MaskedContext.Tokens(_request, steps.Take(index), steps[index].Position);

    private void Run(SamplerChain chain, float[] logits, int index, bool trace)
    {
        var position = steps[index].Position;
        chain.Run(logits, new SamplingContext(MaskedContext.History(TokensBefore(index), position), 0, _request.Seed, position), trace);
    }

    private void Recompute(int index, float[] logits, CancellationToken cancellationToken)
    {
        using var all = new TextLogits(_request, run.Logits);
        all.Predict(TokensBefore(index), cancellationToken, model);
        all[steps[index].Position].CopyTo(logits);
    }
}
