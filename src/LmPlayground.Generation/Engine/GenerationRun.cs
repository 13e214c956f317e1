namespace LmPlayground.Generation.Engine;

/// <summary>
/// One run: enumerate it to generate until a stop criterion holds. Its logits can be asked for as long as it is not disposed.
/// </summary>
public sealed class GenerationRun : SteppedRun<TokenStep>, IDisposable
{
    internal GenerationRun(GenerationEngine engine, GenerationRequest request)
    {
        Engine = engine;
        Request = request;
        Logits = engine.KeepLogits();
    }

    /// <summary>What was asked for.</summary>
    public GenerationRequest Request { get; }

    /// <summary>How much of the prompt has been read: 0 to 1.</summary>
    public double PromptProgress { get; internal set; }

    /// <summary>What is known of the run once it has ended, also when it was cancelled; null before, and after an error.</summary>
    public GenerationSummary? Summary { get; internal set; }

    internal GenerationEngine Engine { get; }

    internal RunLogits Logits { get; }

    /// <summary>Lets the run's logits go.</summary>
    public void Dispose() => Logits.Dispose();

    private protected override IStepLoop<TokenStep> Open() => new GenerationLoop(this);
}
