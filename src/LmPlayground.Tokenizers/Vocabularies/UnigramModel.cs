using System.Text;

namespace LmPlayground.Tokenizers.Vocabularies;

/// <summary>The most probable split of a word into tokens of known probability (Viterbi).</summary>
/// <remarks>
/// Kudo 2018, "Subword Regularization". Not Microsoft.ML.Tokenizers' SentencePiece Unigram, which reads only tokenizer.model
/// files and normalizes by their map instead of by tokenizer.json's steps.
/// </remarks>
internal sealed class UnigramModel : TokenModel
{
    // SentencePiece's penalty of an unknown character below the least probable token.
    private const double UnknownPenalty = 10;

    private readonly double[] _scores;
    private readonly int? _unknownId;
    private readonly double _unknownScore;
    private readonly int[]? _byteIds;
    private readonly int _longest;

    /// <param name="vocabulary">The tokens.</param>
    /// <param name="scores">The natural logarithm of each id's probability.</param>
    /// <param name="unknownId">The token for what no other covers.</param>
    /// <param name="byteFallback">Whether unknown characters are spelled by their bytes' tokens.</param>
    public UnigramModel(Vocabulary vocabulary, double[] scores, int? unknownId, bool byteFallback)
        : base(vocabulary)
    {
        _scores = scores;
        _unknownId = unknownId;
        _unknownScore = scores.Min() - UnknownPenalty;
        _longest = vocabulary.Ids.Keys.Max(token => token.Length);
        if (byteFallback)
            _byteIds = [.. Enumerable.Range(0, 256).Select(b => vocabulary.TryGetId($"<0x{b:X2}>", out var id) ? id : -1)];
    }

    public override void Tokenize(ReadOnlySpan<char> word, List<ModelToken> output)
    {
        var best = BestSplit(word);

        // Walk back from the end, then forward; neighbouring unknowns are one.
        var parts = new List<(int Start, int End, int Id)>();
        for (var end = word.Length; end > 0; end = best[end].Start)
        {
            var (start, id) = best[end];
            if (id < 0 && parts.Count > 0 && parts[^1].Id < 0)
                parts[^1] = (start, parts[^1].End, -1);
            else
                parts.Add((start, end, id));
        }

        var at = 0;
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            var (start, end, id) = parts[i];
            var length = Encoding.UTF8.GetByteCount(word[start..end]);
            if (id >= 0)
                output.Add(new ModelToken(id, at, at + length));
            else if (!TryAddBytes(word[start..end], at, length, output))
                output.Add(new ModelToken(_unknownId ?? throw new ModelRunException("The tokenizer has no token for unknown characters (unk_id)."), at, at + length));
            at += length;
        }
    }

    /// <summary>For every end the best last token: where it starts, and its id, or -1 for an unknown character.</summary>
    private (int Start, int Id)[] BestSplit(ReadOnlySpan<char> word)
    {
        var score = new double[word.Length + 1];
        (int Start, int Id)[] best = new (int, int)[word.Length + 1];
        Array.Fill(best, (-1, -1));
        best[0] = (0, -1);
        for (var start = 0; start < word.Length; start++)
        {
            if (best[start].Start < 0)
                continue;
            var character = char.IsHighSurrogate(word[start]) ? 2 : 1;
            var known = false;
            for (var end = start + character; end <= word.Length && end - start <= _longest; end++)
            {
                if ((end < word.Length && char.IsLowSurrogate(word[end])) || !Vocabulary.TryGetId(word[start..end], out var id))
                    continue;
                Offer(end, _scores[id], id);
                known |= end == start + character;
            }

            if (!known)
                Offer(start + character, _unknownScore, -1);

            void Offer(int end, double added, int id)
            {
                if (best[end].Start < 0 || score[start] + added > score[end])
                    (score[end], best[end]) = (score[start] + added, (start, id));
            }
        }

        return best;
    }

    private bool TryAddBytes(ReadOnlySpan<char> text, int at, int length, List<ModelToken> output)
    {
        if (_byteIds is null)
            return false;
        var bytes = new byte[length];
        Encoding.UTF8.GetBytes(text, bytes);
        if (Array.Exists(bytes, b => _byteIds[b] < 0))
            return false;

        // As in Hugging Face every byte of the run points to the whole run.
        foreach (var value in bytes)
            output.Add(new ModelToken(_byteIds[value], at, at + length));
        return true;
    }
}
