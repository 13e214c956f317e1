using System.Runtime.InteropServices;

namespace LmPlayground.Models.NGram.Training;

/// <summary>Documents as one sequence of token ids; no n-gram crosses from one document into the next.</summary>
internal sealed class TokenCorpus(int vocabularySize, int? beginId, int? endId)
{
    private readonly List<int> _ids = [];
    private readonly List<int> _starts = [];

    /// <summary>All ids are below it.</summary>
    public int VocabularySize { get; } = vocabularySize;

    /// <summary>The id in front of every document, which is never predicted there, or null.</summary>
    public int? BeginId { get; } = beginId;

    /// <summary>The tokens of all documents, with those that begin and end them.</summary>
    public ReadOnlySpan<int> Ids => CollectionsMarshal.AsSpan(_ids);

    /// <summary>Where each document begins in <see cref="Ids"/>.</summary>
    public IReadOnlyList<int> DocumentStarts => _starts;

    /// <summary>Adds a document. One that has the begin or end id inside is several documents; empty ones are left out.</summary>
    /// <exception cref="InvalidDataException">The corpus is as large as an array can be.</exception>
    public void Add(ReadOnlySpan<int> document)
    {
        while (!document.IsEmpty)
        {
            var length = 0;
            while (length < document.Length && document[length] != BeginId && document[length] != endId)
                length++;
            if (length > 0)
                AddWhole(document[..length]);
            document = document[Math.Min(length + 1, document.Length)..];
        }
    }

    private void AddWhole(ReadOnlySpan<int> document)
    {
        if (_ids.Count > Array.MaxLength - document.Length - 2)
            throw new InvalidDataException(FormattableString.Invariant($"the text has more than {Array.MaxLength:N0} tokens; count a part of it."));
        _starts.Add(_ids.Count);
        if (BeginId is { } begin)
            _ids.Add(begin);
        _ids.AddRange(document);
        if (endId is { } end)
            _ids.Add(end);
    }
}
