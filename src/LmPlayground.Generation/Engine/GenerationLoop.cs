using LmPlayground.Generation.PrefixCache;

namespace LmPlayground.Generation.Engine;

/// <summary>The state of one run between two tokens: its sequence in the model, and what becomes of its logits.</summary>
internal sealed class GenerationLoop : IStepLoop<TokenStep>
{
    private readonly GenerationRun _run;
    private readonly GenerationState _state;
    private readonly SequenceLease _lease;
    private bool _failed;

    internal GenerationLoop(GenerationRun run)
    {
        _run = run;
        _state = new GenerationState(run.Request, run.Engine.Time);
        _lease = run.Engine.Rent(run.Request);
    }

    /// <inheritdoc/>
    public TokenStep? Next(CancellationToken cancellationToken)
    {
        if (_state.Finished is not null)
            return null;
        try
        {
            var logits = _state.NewTokens == 0
                ? _lease.ReadAll(share => _run.PromptProgress = share, cancellationToken)
                : _lease.Forward([_state.LastId], cancellationToken);
            _run.PromptProgress = 1;
            _run.Logits.Add(logits);
            return _state.Next(logits);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failed = true;
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_failed)
        {
            _lease.Keep();
            _run.Summary = _state.Summarize(_lease.CachedLength);
        }

        _lease.Dispose();
    }
}
