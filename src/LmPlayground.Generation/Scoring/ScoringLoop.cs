using System.Collections.Immutable;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.PrefixCache;
using LmPlayground.Generation.Steps;
using LmPlayground.Models;
using LmPlayground.Sampling.Candidates;

namespace LmPlayground.Generation.Scoring;

/// <summary>Reads a given continuation and measures how probable the model finds each of its tokens.</summary>
/// <remarks>
/// What stands before the first scored token is read in the pieces of a prompt, from the prefix cache as far as it is there, and the rest in
/// pieces as long: long texts need no more memory than a long prompt. Logits of many tokens read at once may differ in their last places
/// from those of a run that read them one by one.
/// </remarks>
internal sealed class ScoringLoop : IStepLoop<ScoredToken>
{
    private readonly ScoringRun _run;
    private readonly BorderedText _text;
    private readonly ImmutableArray<int> _ids;
    private readonly TokenLabels _labels;
    private readonly LogSoftmax _logSoftmax = new();
    private readonly List<ScoredToken> _tokens = [];
    private SequenceLease? _lease;
    private Queue<int> _ends;
    private int _read;
    private int _given;
    private bool _failed;

    internal ScoringLoop(ScoringRun run)
    {
        _run = run;
        var request = run.Request;
        _text = BorderedText.Of(request.Model, request.Prompt, request.Continuation);
        _ids = _text.Ids;
        Check(request.Model, _ids);
        _labels = TokenLabels.For(request.Model.Tokenizer);
        _ends = new Queue<int>(SequencePlan.EndsOf(_text.Context.Length, _ids.Length - 1, run.Engine.PromptChunk));
    }

    /// <inheritdoc/>
    public ScoredToken? Next(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            if (_read == 0)
                ReadContext(cancellationToken);
            while (_given >= _tokens.Count && _ends.TryDequeue(out var end))
                ReadTo(end, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failed = true;
            throw;
        }

        return _given >= _tokens.Count ? null : _tokens[_given++];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        GiveBack();
        if (_given < _text.Scored.Length)
            return;
        _run.Score = new ContinuationScore
        {
            Text = _text.Text,
            FromPrompt = _text.FromPrompt,
            ContextTokens = _text.Context.Length,
            Tokens = [.. _tokens],
            TotalBits = _tokens.Sum(token => token.Surprisal),
            Characters = _text.Text.EnumerateRunes().Count(),
        };
    }

    /// <summary>The last token is scored and never read, so that a text may have one more than the context holds.</summary>
    private static void Check(ILanguageModel model, ImmutableArray<int> ids)
    {
        var card = model.Card;
        if (ids.Length - 1 > card.ContextLength)
        {
            throw new PromptException("score.too_long", $"Prompt and text have {ids.Length:N0} tokens together, and {card.Name} can score {card.ContextLength + 1:N0}: shorten them by {ids.Length - card.ContextLength - 1:N0} tokens or more.");
        }

        PromptEncoder.CheckVocabulary(model, ids);
    }

    /// <summary>Reads what stands before the first token and scores that one.</summary>
    private void ReadContext(CancellationToken cancellationToken)
    {
        _lease = _run.Engine.Rent(_run.Request.Model, _text.Context, []);
        Add(_lease.ReadAll(null, cancellationToken));
        _read = _text.Context.Length;
    }

    /// <summary>Reads one piece and scores the token after each of its tokens.</summary>
    private void ReadTo(int end, CancellationToken cancellationToken)
    {
        var logits = _lease!.ForwardAll(_ids.AsSpan()[_read..end], cancellationToken);
        if (logits.Positions < end - _read)
        {
            ReadOneByOne(cancellationToken);
            return;
        }

        for (var row = 0; row < logits.Positions; row++)
            Add(logits[row]);
        _read = end;
    }

    /// <summary>
    /// Begins again with a model that gives no logits inside a piece: each token must be one. Tokens that were given already were read so, and
    /// get the same score again.
    /// </summary>
    private void ReadOneByOne(CancellationToken cancellationToken)
    {
        GiveBack();
        _tokens.Clear();
        ReadContext(cancellationToken);
        _ends = new Queue<int>(Enumerable.Range(_read + 1, _ids.Length - 1 - _read));
    }

    private void GiveBack()
    {
        if (!_failed)
            _lease?.Keep();
        _lease?.Dispose();
        _lease = null;
    }

    private void Add(ReadOnlySpan<float> logits)
    {
        var token = _text.Scored[_tokens.Count];
        _logSoftmax.Measure(logits);
        var surprisal = Math.Max(0, (_logSoftmax.LogSum - logits[token.Id]) / Math.Log(2));
        _tokens.Add(new ScoredToken(token.Id, _labels[token.Id], token.Start, token.Length, surprisal, TokenRanking.RankOf(logits, token.Id)));
    }
}
