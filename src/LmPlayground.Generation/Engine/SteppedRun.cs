using System.Runtime.CompilerServices;
namespace LmPlayground.Generation.Engine;

/// <summary>Work that goes step by step: enumerate it, once, to do it. Breaking off or cancelling ends it between two steps or inside the model.</summary>
/// <typeparam name="TStep">What a step gives: immutable.</typeparam>
/// <remarks>
/// One caller enumerates; the properties may be read from any thread meanwhile. The model computes on the thread pool and never on the
/// caller's own thread, which may be a page's.
/// </remarks>
public abstract class SteppedRun<TStep> : IAsyncEnumerable<TStep>
    where TStep : class
{
    private int _started;

    private protected SteppedRun()
    {
    }

    private static bool IsOnThreadPool =>
        Thread.CurrentThread.IsThreadPoolThread && SynchronizationContext.Current is null && TaskScheduler.Current == TaskScheduler.Default;

    /// <summary>Takes step after step on the thread pool to the last one.</summary>
    /// <exception cref="InvalidOperationException">It was enumerated before.</exception>
    /// <exception cref="PromptException">The model cannot begin with the text.</exception>
    /// <exception cref="Sampling.Candidates.InvalidLogitsException">The model gave logits from which nothing can be drawn.</exception>
    /// <exception cref="Tokenizers.ModelRunException">The model failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IAsyncEnumerator<TStep> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
            throw new InvalidOperationException("A run can be enumerated once: start another one.");
        return StepsAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
    }

    /// <summary>Opens what the run needs; nothing is read yet.</summary>
    private protected abstract IStepLoop<TStep> Open();

    private async IAsyncEnumerable<TStep> StepsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await HopAsync();
        using var loop = Open();
        while (loop.Next(cancellationToken) is { } step)
        {
            yield return step;
            await HopAsync();
        }
    }

    /// <summary>Goes on on the thread pool. Who is there already need not hop.</summary>
    private static ConfiguredTaskAwaitable HopAsync() =>
        Task.CompletedTask.ConfigureAwait(IsOnThreadPool ? ConfigureAwaitOptions.None : ConfigureAwaitOptions.ForceYielding);
}

/// <summary>The state of a run between two steps. Disposing it, at the end or before, gives back what it holds and sums up.</summary>
/// <typeparam name="TStep">What a step gives.</typeparam>
internal interface IStepLoop<out TStep> : IDisposable
    where TStep : class
{
    /// <summary>Makes the next step; the first one reads the prompt. Null after the last one.</summary>
    TStep? Next(CancellationToken cancellationToken);
}
