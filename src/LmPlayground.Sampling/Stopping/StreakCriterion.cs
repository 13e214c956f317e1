namespace LmPlayground.Sampling.Stopping;

/// <summary>Ends a run after so many tokens in a row of which the model was unsure.</summary>
/// <param name="isUnsure">Whether a token counts.</param>
/// <param name="tokens">How many in a row end the run: 1 or more.</param>
/// <param name="reason">What the run then ended for.</param>
internal sealed class StreakCriterion(Func<TokenConfidence, bool> isUnsure, int tokens, FinishReason reason) : IStoppingCriterion
{
    private int _streak;

    public void Observe(in StoppingContext context) =>
        _streak = isUnsure(context.Confidence) ? Math.Min(_streak, int.MaxValue - 1) + 1 : 0;

    public FinishReason? Check(in StoppingContext context) => _streak >= tokens ? reason : null;

    public StopPoint Describe(StopPoint point) => point with { Count = _streak };

    public IStoppingCriterion Fork() => new StreakCriterion(isUnsure, tokens, reason) { _streak = _streak };
}
