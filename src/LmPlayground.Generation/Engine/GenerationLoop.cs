using LmPlayground.Generation.PrefixCache;

namespace LmPlayground.Generation;

/// <summary>The state of one run between two tokens: its sequence in the model, and what samples from it.</summary>
internal sealed class GenerationLoop : IDisposable
{
    private readonly GenerationRun _run;
    private readonly StepSampler _sampler;
    private readonly SequenceLease _lease;
    private bool _failed;

    internal GenerationLoop(GenerationRun run, SequenceCache cache, GenerationOptions options, TimeProvider time)
    {
        _run = run;
        var request = run.Request;
        _sampler = new StepSampler(request, time);
        _lease = new SequenceLease(cache, request.Model, SequencePlan.For(request.PromptIds, request.ContinuedIds, options.PromptChunk));
    }

    /// <summary>Generates one token; before the first one, reads the prompt.</summary>
    internal TokenStep Next(CancellationToken cancellationToken)
    {
        try
        {
            var logits = _sampler.NewTokens == 0
                ? _lease.ReadAll(share => _run.PromptProgress = share, cancellationToken)
                : _lease.Forward([_sampler.LastId], cancellationToken);
            _run.PromptProgress = 1;
            _run.Logits.Add(logits);
            return _sampler.Next(logits);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failed = true;
            throw;
        }
    }

    public void Dispose()
    {
        if (!_failed)
        {
            _lease.Keep();
            _run.Summary = _sampler.Summarize(_lease.CachedLength);
        }

        _lease.Dispose();
    }
}
