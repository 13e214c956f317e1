using System.Runtime.CompilerServices;

namespace LmPlayground.Generation.Branching;

/// <summary>A search over several sequences at once: enumerate it to run it. It can be enumerated once.</summary>
/// <remarks>One caller enumerates; the properties may be read from any thread meanwhile. All sessions are gone when the enumeration has ended.</remarks>
public abstract class BranchingRun : IAsyncEnumerable<BeamStep>
{
    private int _started;

    private protected BranchingRun(GenerationRequest request) => Request = request;

    /// <summary>What was asked for.</summary>
    public GenerationRequest Request { get; }

    /// <summary>How much of the prompt has been read: 0 to 1.</summary>
    public double PromptProgress { get; internal set; }

    /// <summary>How many generated tokens the model read, in one run or in several, those that were read again included.</summary>
    public int ForwardPasses { get; internal set; }

    /// <summary>How many times a sequence's state was copied because the sequence branched; taking over the session of a sequence that was given up is none.</summary>
    public int Forks { get; internal set; }

    /// <summary>Searches step after step on the thread pool.</summary>
    /// <exception cref="InvalidOperationException">It was enumerated before.</exception>
    /// <exception cref="PromptException">The model cannot begin with the prompt.</exception>
    /// <exception cref="Sampling.Candidates.InvalidLogitsException">The model gave logits that have no probabilities.</exception>
    /// <exception cref="Models.ModelRunException">The model failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IAsyncEnumerator<BeamStep> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
            throw new InvalidOperationException("A search can be enumerated once: ask the engine for another one.");
        return RunAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
    }

    /// <summary>Opens what the search needs; nothing of it is read yet.</summary>
    private protected abstract IBranchingLoop Start();

    private async IAsyncEnumerable<BeamStep> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The model computes on the thread pool: never on the caller's thread, which may be a page's.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var loop = Start();
        while (true)
        {
            var step = loop.Next(cancellationToken);
            yield return step;
            if (step.IsLast)
                yield break;
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
    }
}

/// <summary>The state of a search between two steps. Disposing it disposes every session of it.</summary>
internal interface IBranchingLoop : IDisposable
{
    /// <summary>Makes one step; the first one reads the prompt.</summary>
    BeamStep Next(CancellationToken cancellationToken);
}
