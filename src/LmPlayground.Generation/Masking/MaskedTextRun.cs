using LmPlayground.Generation.Engine;

namespace LmPlayground.Generation.Masking;

/// <summary>
/// One run over a masked text: enumerate it to predict, fill or score. Its logits can be asked for as long as it is not disposed. Each step's
/// <see cref="TokenStep.Position"/> is the token's index in the text.
/// </summary>
public sealed class MaskedTextRun : SteppedRun<TokenStep>, IDisposable
{
    /// <summary>Prepares the run; enumerating it predicts, fills or scores.</summary>
    /// <param name="engine">Keeps the logits of its steps.</param>
    /// <param name="request">What is asked for.</param>
    public MaskedTextRun(GenerationEngine engine, MaskedRequest request)
    {
        Request = request;
        Logits = engine.KeepLogits();
        Time = engine.Time;
    }

    /// <summary>What was asked for.</summary>
    public MaskedRequest Request { get; }

    /// <summary>How many steps the run has when it is not cancelled.</summary>
    public int StepCount => Request.Task == MaskedTask.Score ? Request.Text.Scored.Length : Request.Text.Masks.Length;

    /// <summary>What is known of the run once it has ended, also when it was cancelled; null before, and after an error.</summary>
    public MaskedSummary? Summary { get; internal set; }

    internal RunLogits Logits { get; }

    internal TimeProvider Time { get; }

    /// <summary>Lets the run's logits go.</summary>
    public void Dispose() => Logits.Dispose();

    private protected override IStepLoop<TokenStep> Open() => new MaskedLoop(this);
}
