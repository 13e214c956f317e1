using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Steps;
using LmPlayground.Sampling;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Generation.Masking;

/// <summary>The state of one run over a masked text between two steps.</summary>
internal sealed class MaskedLoop : IStepLoop<TokenStep>
{
    private readonly MaskedTextRun _run;
    private readonly MaskedRequest _request;
    private readonly SamplerChain _chain;
    private readonly double? _firstState;
    private readonly TokenStepBuilder _builder;
    private readonly TextLogits _logits;
    private readonly List<int> _open;
    private readonly List<TokenStep> _steps = [];
    private readonly long _started;
    private bool _failed;
    private bool _predicted;

    internal MaskedLoop(MaskedTextRun run)
    {
        _run = run;
        _request = run.Request;
        _started = run.Time.GetTimestamp();
        var model = _request.Model;
        _open = [.. _request.Task == MaskedTask.Score ? _request.Text.Scored : _request.Text.Masks];
        if (_open.Count == 0)
        {
            throw _request.Task == MaskedTask.Score
                ? new PromptException("masked.nothing_to_score", $"The text has no token to score besides special ones: write some words.")
                : new PromptException("masked.no_mask", $"The text has no {MaskedText.MaskOf(model)}: write one where a token is to be filled in.");
        }

        _chain = new SamplerChain(_request.Sampling, new ModelVocabulary(model, new StoppingOptions()));
        _firstState = _chain.State;
        _builder = new TokenStepBuilder(model.Tokenizer, _request.TopCandidates);

        // Last, since what fails after it would never give it back.
        _logits = new TextLogits(_request, run.Logits);
    }

    /// <inheritdoc/>
    public TokenStep? Next(CancellationToken cancellationToken)
    {
        if (_open.Count == 0)
            return null;
        try
        {
            var step = Take(cancellationToken);
            _steps.Add(step);
            return step;
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
        _logits.Dispose();
        if (_failed)
            return;
        var bits = _steps.Sum(step => step.Surprisal);
        _run.Summary = new MaskedSummary
        {
            IsCancelled = _open.Count > 0,
            Seed = _request.Seed,
            Text = _request.Task == MaskedTask.Score ? _request.Text.Text : _request.Text.Fill(_steps.ToDictionary(step => step.Position, step => step.Id)),
            Steps = _steps.Count,
            Bits = bits,
            BitsPerCharacter = bits / Math.Max(1, _request.Text.Characters),
            Elapsed = _run.Time.GetElapsedTime(_started),
        };
    }

    private TokenStep Take(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var tokens = MaskedContext.Tokens(_request, _steps, _open[0]);
        if (!_predicted || _request.Task != MaskedTask.Predict)
            _logits.Predict(tokens, cancellationToken);
        _predicted = true;
        var position = _request is { Task: MaskedTask.Fill, Order: FillOrder.MostCertain } ? MostCertain() : _open[0];
        var logits = _logits[position];
        if (_request.Task != MaskedTask.Fill)
            _chain.State = _firstState;

        var state = _chain.State;
        _chain.Run(logits, new SamplingContext(MaskedContext.History(tokens, position), 0, _request.Seed, position));
        var draw = TokenSampler.Draw(_chain.Candidates, _request.Seed, position);
        if (_request.Task != MaskedTask.Score)
            _chain.Observe(draw);
        var id = _request.Task == MaskedTask.Score ? _request.Text.Ids[position] : draw.Id;
        var text = _request.Task == MaskedTask.Score ? _request.Text.TextOf(position) : _request.Text.Piece(id, _request.Text.Tokens[position].Start);
        _run.Logits.Add(logits);
        _open.Remove(position);
        return _builder.Build(logits, _chain, position, id, draw) with
        {
            Text = text,
            Released = text,
            SamplerState = state,
            SamplerStateAfter = _chain.State,
        };
    }

    /// <summary>The open mask whose own distribution has the smallest entropy.</summary>
    private int MostCertain()
    {
        var model = new SamplerChain(new SamplingOptions { Order = new StageOrder([]) });
        var (best, least) = (_open[0], double.PositiveInfinity);
        foreach (var position in _open)
        {
            model.Run(_logits[position], new SamplingContext([], 0, 0));
            if (model.ModelEntropy < least)
                (best, least) = (position, model.ModelEntropy);
        }

        return best;
    }
}
