using System.Runtime.InteropServices;
using System.Text;
using LmPlayground.Generation.Steps;
using LmPlayground.Sampling;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.Engine;

/// <summary>
/// How far the generation of one request has come: its tokens, chain, stops, text and clock. It makes a step of the logits after each forward
/// pass and knows no session: a run has one of it, and a comparison asks several after the same pass.
/// </summary>
internal sealed class GenerationState
{
    private readonly GenerationRequest _request;
    private readonly SamplerChain _chain;
    private readonly TokenStepBuilder _steps;
    private readonly StoppingCriteria _stops;
    private readonly StopStringMatcher _stopStrings;
    private readonly int _least;
    private readonly TokenStreamDecoder _decoder;
    private readonly RunClock _clock;
    private readonly List<int> _history;
    private readonly StringBuilder _text = new();
    private StopPoint? _stop;
    private int _shown;

    /// <exception cref="PromptException">The model cannot begin with the prompt, or a given token is none of its own.</exception>
    /// <exception cref="SettingException">The chain cannot be made; the message names the stage.</exception>
    internal GenerationState(GenerationRequest request, TimeProvider time)
    {
        _clock = new RunClock(time);
        _request = request;
        var model = request.Model;
        _history = [.. request.PromptIds, .. request.ContinuedIds];
        PromptEncoder.Check(model, [.. _history]);
        PromptEncoder.CheckVocabulary(model, request.ForcedIds);

        _chain = new SamplerChain(request.Sampling, new ModelVocabulary(model, request.Stopping)) { State = request.SamplerState };
        _steps = new TokenStepBuilder(model.Tokenizer, request.TopCandidates);
        _least = MinNewTokensStage.LeastOf(request.Sampling) - request.ContinuedIds.Length;
        _stops = new StoppingCriteria(request.Stopping, model.Card.EndOfSequenceIds, model.Card.ContextLength, time, _least);
        _stops.Continue(request.ContinuedIds.AsSpan(), request.ContinuedConfidences.AsSpan());
        (_stopStrings, _decoder) = StopText.Begin(request);

        // The run that was continued has shown at its end what it held back.
        _shown = _stopStrings.Withheld.Length;
    }

    /// <summary>The token that was generated last; the prompt's last one before.</summary>
    internal int LastId => _history[^1];

    /// <summary>How many tokens were generated.</summary>
    internal int NewTokens => _history.Count - _request.PromptIds.Length - _request.ContinuedIds.Length;

    /// <summary>Why the last step was the last one; null while there is more to come.</summary>
    internal FinishReason? Finished { get; private set; }

    /// <summary>Draws the next token from the logits after the last one, or takes the one that was given, and checks the stops.</summary>
    /// <exception cref="InvalidLogitsException">Nothing can be drawn from the logits.</exception>
    internal TokenStep Next(ReadOnlySpan<float> logits)
    {
        var context = new SamplingContext(CollectionsMarshal.AsSpan(_history), _request.PromptIds.Length, _request.Seed);
        var state = _chain.State;
        _chain.Run(logits, context);
        var draw = TokenSampler.Draw(_chain.Candidates, _request.Seed, context.Position);
        _chain.Observe(draw);
        var isForced = NewTokens < _request.ForcedIds.Length;
        var step = _steps.Build(logits, _chain, context.Position, isForced ? _request.ForcedIds[NewTokens] : draw.Id, draw);
        return Finish(step with { IsForced = isForced, SamplerState = state, SamplerStateAfter = _chain.State });
    }

    /// <summary>What is known when the request ends, or is ended, here: call it once.</summary>
    internal GenerationSummary Summarize(int cachedTokens) => new()
    {
        FinishReason = Finished ?? FinishReason.Cancelled,
        Stop = _stop,
        Seed = _request.Seed,
        Text = _text.Append(New(_stopStrings.Flush())).ToString(),
        PromptTokens = _request.PromptIds.Length,
        NewTokens = NewTokens,
        CachedTokens = cachedTokens,
        TimeToFirstToken = _clock.TimeToFirst,
        TokensPerSecond = _clock.PerSecond(NewTokens),
    };

    private TokenStep Finish(TokenStep step)
    {
        _history.Add(step.Id);
        _clock.Tick();
        var text = _decoder.Append(step.Id);
        var released = _stopStrings.Append(_request.Model.Tokenizer, step.Id, text, passesOver: NewTokens <= _least);
        Finished = _stops.Check(new StoppingContext(
            step.Id, NewTokens, _history.Count, _stopStrings.Match is not null, new TokenConfidence(step.Probability, step.Entropy)));
        _stop = Finished is { } reason ? _stops.Describe(reason, step.Position, _stopStrings) : null;
        if (Finished is not null)
            released += _stopStrings.Flush();
        released = New(released);
        _text.Append(released);
        return step with { Text = text, Released = released, FinishReason = Finished, Stop = _stop };
    }

    /// <summary>What of a released text the run that is continued has not shown already.</summary>
    private string New(string released)
    {
        var shown = Math.Min(_shown, released.Length);
        _shown -= shown;
        return released[shown..];
    }
}
