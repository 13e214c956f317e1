namespace LmPlayground.Generation.Masking;

/// <summary>
/// One run over a masked text: enumerate it to predict, fill or score. It can be enumerated once; its logits can be asked for as long as
/// it is not disposed. Each step's <see cref="TokenStep.Position"/> is the token's index in the text.
/// </summary>
/// <remarks>One caller enumerates; the properties may be read from any thread meanwhile.</remarks>
public sealed class MaskedRun : IAsyncEnumerable<TokenStep>, IDisposable
{
    private readonly TimeProvider _time;
    private int _started;

    internal MaskedRun(MaskedRequest request, LogitsStore store, TimeProvider time)
    {
        Request = request;
        Logits = new RunLogits(store);
        _time = time;
    }

    /// <summary>What was asked for.</summary>
    public MaskedRequest Request { get; }

    /// <summary>How many steps the run has when it is not cancelled.</summary>
    public int StepCount => Request.Task == MaskedTask.Score ? Request.Text.Scored.Length : Request.Text.Masks.Length;

    /// <summary>What is known of the run once it has ended, also when it was cancelled; null before, and after an error.</summary>
    public MaskedSummary? Summary { get; internal set; }

    internal RunLogits Logits { get; }

    /// <summary>Takes step after step on the thread pool.</summary>
    /// <exception cref="InvalidOperationException">It was enumerated before.</exception>
    /// <exception cref="PromptException">There is no mask to fill, or nothing to score.</exception>
    /// <exception cref="Sampling.Candidates.InvalidLogitsException">The model gave logits from which nothing can be drawn.</exception>
    /// <exception cref="Models.ModelRunException">The model failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; <see cref="Summary"/> is there all the same.</exception>
    public IAsyncEnumerator<TokenStep> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
            throw new InvalidOperationException("A run can be enumerated once: ask the engine for another one.");
        return RunAsync(cancellationToken).GetAsyncEnumerator(CancellationToken.None);
    }

    /// <summary>Lets the run's logits go.</summary>
    public void Dispose() => Logits.Dispose();

    private async IAsyncEnumerable<TokenStep> RunAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await GenerationEngine.HopAsync();
        using var loop = new MaskedLoop(this, _time);
        while (loop.Next(cancellationToken) is { } step)
        {
            yield return step;
            await GenerationEngine.HopAsync();
        }
    }
}
