using System.Collections.Immutable;
using LmPlayground.Models;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.Search;

/// <summary>One live sequence: its tokens, its text so far, and the session, or the row of a batch, that has read all of it but the last token.</summary>
internal sealed class Hypothesis : IDisposable
{
    private readonly PromptRoot _root;
    private readonly TokenStreamDecoder _decoder;
    private readonly StoppingCriteria? _criteria;
    private readonly StopStringMatcher? _matcher;
    private IDecoderSession? _session;

    /// <summary>The empty sequence, which reads from the prompt's own session.</summary>
    internal Hypothesis(PromptRoot root, TokenStreamDecoder decoder)
    {
        _root = root;
        _decoder = decoder;
        History = [.. root.History];
        Ids = [];
        LogProbabilities = [];
        Text = "";
    }

    private Hypothesis(Hypothesis parent, Extension extension, TokenStreamDecoder decoder)
    {
        _root = parent._root;
        _decoder = decoder;
        _criteria = extension.Criteria;
        _matcher = extension.Matcher;
        History = [.. parent.History, extension.Id];
        Ids = parent.Ids.Add(extension.Id);
        LogProbabilities = parent.LogProbabilities.Add(extension.LogProbability);
        Sum = extension.Sum;
        Text = extension.Text;
        Parent = parent.Index;
        Row = parent.Row;
    }

    /// <summary>Prompt and output.</summary>
    internal int[] History { get; }

    internal ImmutableArray<int> Ids { get; }

    internal ImmutableArray<double> LogProbabilities { get; }

    internal double Sum { get; }

    internal string Text { get; }

    /// <summary>The parent's <see cref="Index"/>.</summary>
    internal int Parent { get; }

    /// <summary>Where it stands among the live sequences of the last step; -1 for the prompt.</summary>
    internal int Index { get; set; } = -1;

    /// <summary>Its row in the search's batch, if there is one: the parent's before its last token is read.</summary>
    internal int Row { get; set; }

    /// <summary>Reads the last token, if no batch has; returns the logits after it, valid until the next call.</summary>
    internal ReadOnlySpan<float> Read(CancellationToken cancellationToken)
    {
        if (Ids.IsEmpty)
            return _root.Logits(cancellationToken);
        return _session is null ? _root.LogitsOf(Row) : _root.Forward(_session, Ids[^1], cancellationToken);
    }

    /// <summary>What one more token would make of the sequence.</summary>
    internal Extension Extend(int id, double logProbability, double sum, StopRules stops, TokenConfidence confidence)
    {
        var decoder = _decoder.Fork();
        var (text, matcher) = stops.Append(_matcher, Text, decoder.Append(id), id, Ids.Length + 1);
        var criteria = stops.After(_criteria);
        var reason = criteria.Check(new StoppingContext(id, Ids.Length + 1, History.Length + 1, matcher.Match is not null, confidence));
        return new Extension(this, id, logProbability, sum, text, reason, decoder, criteria, matcher);
    }

    /// <summary>The sequence with one more token. It has no session before <see cref="HandOver"/>.</summary>
    internal static Hypothesis Of(Extension extension) => new(extension.Parent, extension, extension.Decoder);

    /// <summary>Gives each child a session that has read this sequence: the first one takes this sequence's own, the others get further ones.</summary>
    /// <param name="children">The sequences with one more token.</param>
    /// <param name="spares">Sequences that end here: their sessions may be had.</param>
    /// <param name="cancellationToken">Stops the model where it must read a token again.</param>
    internal void HandOver(IEnumerable<Hypothesis> children, IReadOnlyList<Hypothesis> spares, CancellationToken cancellationToken)
    {
        if (_root.IsBatched)
            return;
        IDecoderSession? given = null;
        foreach (var child in children)
        {
            if (given is null && _session is not null)
            {
                child._session = _session;
                _session = null;
            }
            else if (given is null || !child.TakeOver(spares, History, cancellationToken))
            {
                child._session = _root.Fork(given);
            }

            given = child._session;
        }
    }

    /// <summary>Takes the session of a spare that has read all of <paramref name="history"/> but a few tokens, and reads those.</summary>
    private bool TakeOver(IReadOnlyList<Hypothesis> spares, ReadOnlySpan<int> history, CancellationToken cancellationToken)
    {
        Hypothesis? best = null;
        var common = Math.Max(_root.History.Length, history.Length - _root.MostReread);
        foreach (var spare in spares)
        {
            var length = history.CommonPrefixLength(spare.History);
            if (spare._session is null || length < common || length == history.Length || spare._session.NearestRewind(length) != length)
                continue;
            (best, common) = (spare, length);
        }

        if (best is null)
            return false;
        (_session, best._session) = (best._session!, null);
        _session.RewindTo(common);
        foreach (var token in history[common..])
            _root.Forward(_session, token, cancellationToken);
        return true;
    }

    public void Dispose()
    {
        _session?.Dispose();
        _session = null;
    }
}

/// <summary>A sequence and a token that may follow it.</summary>
internal sealed record Extension(
    Hypothesis Parent, int Id, double LogProbability, double Sum, string Text, FinishReason? FinishReason, TokenStreamDecoder Decoder,
    StoppingCriteria Criteria, StopStringMatcher Matcher)
{
    /// <summary>It as part of a step.</summary>
    internal Beam ToBeam(double score, int group) => new()
    {
        Ids = Parent.Ids.Add(Id),
        Text = Text,
        LogProbabilities = Parent.LogProbabilities.Add(LogProbability),
        Sum = Sum,
        Score = score,
        Parent = Parent.Index,
        Group = group,
        FinishReason = FinishReason,
    };
}
