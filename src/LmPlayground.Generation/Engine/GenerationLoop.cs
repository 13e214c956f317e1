using System.Runtime.InteropServices;
using System.Text;
using LmPlayground.Generation.PrefixCache;
using LmPlayground.Models.Tokenization;
using LmPlayground.Sampling;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Generation;

/// <summary>The state of one run between two tokens.</summary>
internal sealed class GenerationLoop : IDisposable
{
    private readonly GenerationRun _run;
    private readonly GenerationRequest _request;
    private readonly SequenceLease _lease;
    private readonly SamplerChain _chain;
    private readonly StepBuilder _steps;
    private readonly StoppingCriteria _stops;
    private readonly StopStringMatcher _stopStrings;
    private readonly TokenStreamDecoder _decoder;
    private readonly RunClock _clock;
    private readonly List<int> _history;
    private readonly StringBuilder _text = new();
    private FinishReason? _finished;
    private StopPoint? _stop;
    private bool _failed;

    internal GenerationLoop(GenerationRun run, SequenceCache cache, GenerationOptions options, TimeProvider time)
    {
        _clock = new RunClock(time);
        _run = run;
        _request = run.Request;
        var model = _request.Model;
        _history = [.. _request.PromptIds, .. _request.ContinuedIds];
        PromptEncoder.Check(model, [.. _history]);

        _chain = new SamplerChain(_request.Sampling, new ModelVocabulary(model, _request.Stopping)) { State = _request.SamplerState };
        _steps = new StepBuilder(model.Tokenizer, _request.TopCandidates);
        _stops = new StoppingCriteria(_request.Stopping, model.Card.EndOfSequenceIds, model.Card.ContextLength, time);
        _stops.Continue(_request.ContinuedIds.AsSpan(), _request.ContinuedConfidences.AsSpan());
        _stopStrings = new StopStringMatcher(_request.Stopping.StopStrings, _request.Stopping.IncludeStopString);

        // Some tokenizers decode a token differently at the beginning of a text: the prompt goes through the decoder first.
        _decoder = model.Tokenizer.StartStream();
        foreach (var id in _history)
            _decoder.Append(id);
        _lease = new SequenceLease(cache, model, SequencePlan.For(_request.PromptIds, _request.ContinuedIds, options.PromptChunk));
    }

    private int NewTokens => _history.Count - _request.PromptIds.Length - _request.ContinuedIds.Length;

    /// <summary>Generates one token; before the first one, reads the prompt.</summary>
    internal TokenStep Next(CancellationToken cancellationToken)
    {
        try
        {
            return Finish(Sample(cancellationToken));
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
            _run.Summary = Summarize();
        }

        _lease.Dispose();
    }

    private TokenStep Sample(CancellationToken cancellationToken)
    {
        var logits = NewTokens == 0
            ? _lease.ReadAll(share => _run.PromptProgress = share, cancellationToken)
            : _lease.Forward([_history[^1]], cancellationToken);
        _run.PromptProgress = 1;
        _run.Logits.Add(logits);
        var context = new SamplingContext(CollectionsMarshal.AsSpan(_history), _request.PromptIds.Length, _request.Seed);
        var state = _chain.State;
        _chain.Run(logits, context);
        var draw = TokenSampler.Draw(_chain.Candidates, _request.Seed, context.Position);
        _chain.Observe(draw);
        return _steps.Build(logits, _chain, context.Position, draw.Id, draw) with { SamplerState = state, SamplerStateAfter = _chain.State };
    }

    private TokenStep Finish(TokenStep step)
    {
        _history.Add(step.Id);
        _clock.Tick();
        var text = _decoder.Append(step.Id);
        var released = _stopStrings.Append(text);
        _finished = _stops.Check(new StoppingContext(step.Id, NewTokens, _history.Count, _stopStrings.Match is not null, new TokenConfidence(step.Probability, step.Entropy)));
        _stop = _finished is { } reason ? _stops.Describe(reason, step.Position, _stopStrings) : null;
        if (_finished is not null)
            released += _stopStrings.Flush();
        _text.Append(released);
        return step with { Text = text, Released = released, FinishReason = _finished, Stop = _stop };
    }

    private GenerationSummary Summarize() => new()
    {
        FinishReason = _finished ?? FinishReason.Cancelled,
        Stop = _stop,
        Seed = _request.Seed,
        Text = _text.Append(_stopStrings.Flush()).ToString(),
        PromptTokens = _request.PromptIds.Length,
        NewTokens = NewTokens,
        CachedTokens = _lease.CachedLength,
        TimeToFirstToken = _clock.TimeToFirst,
        TokensPerSecond = _clock.PerSecond(NewTokens),
    };
}
