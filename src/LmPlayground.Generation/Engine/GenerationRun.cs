namespace LmPlayground.Generation;

/// <summary>
/// One run: enumerate it to generate. It can be enumerated once; its logits can be asked for as long as it is not disposed.
/// </summary>
/// <remarks>One caller enumerates; the properties may be read from any thread meanwhile.</remarks>
public sealed class GenerationRun : IAsyncEnumerable<TokenStep>, IDisposable
{
    private readonly GenerationEngine _engine;
    private int _started;

    internal GenerationRun(GenerationEngine engine, GenerationRequest request, LogitsStore store)
    {
        _engine = engine;
        Request = request;
        Logits = new RunLogits(store);
    }

    /// <summary>What was asked for.</summary>
    public GenerationRequest Request { get; }

    /// <summary>How much of the prompt has been read: 0 to 1.</summary>
    public double PromptProgress { get; internal set; }

    /// <summary>What is known of the run once it has ended, also when it was cancelled; null before, and after an error.</summary>
    public GenerationSummary? Summary { get; internal set; }

    internal RunLogits Logits { get; }

    /// <summary>Generates token after token on the thread pool until a stop criterion holds.</summary>
    /// <exception cref="InvalidOperationException">It was enumerated before.</exception>
    /// <exception cref="PromptException">The model cannot begin with the prompt.</exception>
    /// <exception cref="Sampling.Candidates.InvalidLogitsException">The model gave logits from which nothing can be drawn.</exception>
    /// <exception cref="Models.ModelRunException">The model failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; <see cref="Summary"/> is there all the same.</exception>
    public IAsyncEnumerator<TokenStep> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
            throw new InvalidOperationException("A run can be enumerated once: ask the engine for another one.");
        return _engine.RunAsync(this, cancellationToken).GetAsyncEnumerator(cancellationToken);
    }

    /// <summary>Lets the run's logits go.</summary>
    public void Dispose() => Logits.Dispose();
}
