using LmPlayground.Generation.Engine;
namespace LmPlayground.Generation.Scoring;

/// <summary>Measures how a model finds a given continuation of a prompt, token by token: enumerate it to score.</summary>
public sealed class ScoringRun : SteppedRun<ScoredToken>
{
    /// <summary>Prepares the run; enumerating it scores.</summary>
    /// <param name="engine">Lends the prompt's sequence.</param>
    /// <param name="request">What is scored.</param>
    public ScoringRun(GenerationEngine engine, ScoringRequest request)
    {
        Engine = engine;
        Request = request;
    }

    /// <summary>What was asked for.</summary>
    public ScoringRequest Request { get; }

    /// <summary>The whole score once the run has come to its end; null before, and where it was cancelled or failed.</summary>
    public ContinuationScore? Score { get; internal set; }

    internal GenerationEngine Engine { get; }

    /// <summary>Runs to the end.</summary>
    /// <exception cref="InvalidOperationException">It was enumerated before.</exception>
    /// <exception cref="PromptException">Nothing to score, nothing before the first token, or more tokens than the model's context holds.</exception>
    /// <exception cref="Sampling.Candidates.InvalidLogitsException">The model gave logits that have no probabilities.</exception>
    /// <exception cref="Tokenizers.ModelRunException">The model failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<ContinuationScore> ToEndAsync(CancellationToken cancellationToken = default)
    {
        await foreach (var _ in this.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            // The score gathers them.
        }

        return Score!;
    }

    private protected override IStepLoop<ScoredToken> Open() => new ScoringLoop(this);
}
