namespace LmPlayground.Models.NGram.Training;

/// <summary>
/// Counts n-grams. The places of a text are kept sorted by the n-gram that begins there; the next level sorts each group of equal
/// n-grams by the token that follows. That takes three integers a token of the text, whatever the order and the vocabulary.
/// </summary>
internal sealed class NGramCounter
{
    private readonly int[] _ids;
    private readonly int[] _starts;
    private readonly bool[] _isStart;
    private readonly int[] _places;
    private readonly int[] _gramAt;
    private readonly bool _isBare;
    private List<int> _groups = [];

    private NGramCounter(TokenCorpus corpus)
    {
        _ids = corpus.Ids.ToArray();
        _starts = [.. corpus.DocumentStarts];
        _isStart = new bool[_ids.Length + 1];
        _isStart[_ids.Length] = true;
        foreach (var start in _starts)
            _isStart[start] = true;
        _places = new int[_ids.Length];
        _gramAt = _ids.AsSpan().ToArray();
        _isBare = corpus.BeginId is null;
    }

    /// <summary>Counts every n-gram up to a length.</summary>
    /// <param name="corpus">The text.</param>
    /// <param name="order">The greatest length, at least 1.</param>
    /// <param name="progress">Told the share that is done, 0 to 1.</param>
    /// <param name="cancellationToken">Checked often.</param>
    public static NGramCounts Count(TokenCorpus corpus, int order, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var counter = new NGramCounter(corpus);
        var levels = new NGramLevel[order];
        levels[0] = counter.Unigrams(corpus.VocabularySize, corpus.BeginId);
        for (var length = 1; length < order; length++)
        {
            progress?.Report((double)length / order);
            levels[length] = counter.Extend(levels[length - 1], length, cancellationToken);
        }

        return new NGramCounts(levels, corpus.BeginId);
    }

    private NGramLevel Unigrams(int vocabularySize, int? beginId)
    {
        var ends = new int[vocabularySize + 1];
        foreach (var id in _ids)
            ends[id + 1]++;
        for (var id = 0; id < vocabularySize; id++)
            ends[id + 1] += ends[id];
        _groups = [.. ends];
        for (var place = 0; place < _ids.Length; place++)
            _places[ends[_ids[place]]++] = place;

        var occurrences = new int[vocabularySize];
        for (var place = 0; place < _ids.Length; place++)
        {
            if (beginId is null || !_isStart[place])
                occurrences[_ids[place]]++;
        }

        return new NGramLevel { Tokens = [.. Enumerable.Range(0, vocabularySize)], Suffixes = [], Occurrences = occurrences, AtBareStart = BareStarts(1) };
    }

    /// <summary>Makes the n-grams of one more token than <paramref name="length"/>.</summary>
    private NGramLevel Extend(NGramLevel level, int length, CancellationToken cancellationToken)
    {
        List<int> tokens = [], suffixes = [], groups = [];
        var next = new int[_ids.Length];
        var firstChild = new int[level.Count + 1];
        var write = 0;
        for (var gram = 0; gram < level.Count; gram++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            firstChild[gram] = tokens.Count;
            var from = write;
            for (var i = _groups[gram]; i < _groups[gram + 1]; i++)
            {
                var place = _places[i];
                if (_isStart[place + length])
                    continue;
                next[write] = _ids[place + length];
                _places[write++] = place;
            }

            if (write - from > 1)
                next.AsSpan(from, write - from).Sort(_places.AsSpan(from, write - from));
            for (var i = from; i < write; i++)
            {
                if (i > from && next[i] == next[i - 1])
                    continue;
                groups.Add(i);
                tokens.Add(next[i]);
                suffixes.Add(_gramAt[_places[i] + 1]);
            }
        }

        firstChild[level.Count] = tokens.Count;
        level.FirstChild = firstChild;
        groups.Add(write);
        _groups = groups;
        var occurrences = new int[tokens.Count];
        for (var gram = 0; gram < occurrences.Length; gram++)
        {
            occurrences[gram] = groups[gram + 1] - groups[gram];
            for (var i = groups[gram]; i < groups[gram + 1]; i++)
                _gramAt[_places[i]] = gram;
        }

        return new NGramLevel { Tokens = [.. tokens], Suffixes = [.. suffixes], Occurrences = occurrences, AtBareStart = BareStarts(length + 1) };
    }

    private int[] BareStarts(int length)
    {
        if (!_isBare)
            return [];
        var starts = _starts.Where(start => !Enumerable.Range(start + 1, length - 1).Any(place => place >= _ids.Length || _isStart[place]));
        return [.. starts.Select(start => _gramAt[start]).Distinct().Order()];
    }
}
