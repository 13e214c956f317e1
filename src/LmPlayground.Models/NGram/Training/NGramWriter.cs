using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LmPlayground.Models.NGram.Storage;

namespace LmPlayground.Models.NGram.Training;

/// <summary>Writes an estimated model as <see cref="NGramLayout"/> says.</summary>
internal sealed class NGramWriter
{
    private readonly KneserNeyModel _model;
    private readonly NGramLayout _layout;
    private readonly byte[] _bytes;

    private NGramWriter(KneserNeyModel model, int bits)
    {
        _model = model;
        var levels = model.Counts.Levels;
        int[] grams = [.. levels.Select((_, level) => Kept(level).Count())];
        int[] contexts = [.. levels.Select((_, level) => level == levels.Length - 1 ? 0 : Kept(level).Count(gram => IsContext(level, gram)))];
        _layout = new NGramLayout(levels[0].Count, bits, bits, grams, contexts);
        if (_layout.Length > Array.MaxLength)
        {
            throw new InvalidDataException(FormattableString.Invariant(
                $"the model would have {_layout.Length:N0} bytes, more than {Array.MaxLength:N0}; prune it or lower its order."));
        }

        _bytes = new byte[_layout.Length];
    }

    /// <summary>The bytes of a model's file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="unigrams">The probability of every id, 0 for those without a token.</param>
    /// <param name="bits">The width of weights and odds.</param>
    /// <param name="cancellationToken">Checked at each length.</param>
    /// <exception cref="InvalidDataException">The model is too large for one array.</exception>
    public static byte[] Write(KneserNeyModel model, double[] unigrams, int bits, CancellationToken cancellationToken)
    {
        var writer = new NGramWriter(model, bits);
        writer.WriteHeader();
        var probabilities = writer._bytes.AsSpan((int)writer._layout.Unigrams);
        for (var id = 0; id < unigrams.Length; id++)
            BinaryPrimitives.WriteSingleLittleEndian(probabilities[(id * sizeof(float))..], (float)unigrams[id]);
        for (var level = 0; level < model.Counts.Order; level++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (level > 0)
                writer.WriteGrams(level);
            if (level < model.Counts.Order - 1)
                writer.WriteContexts(level);
        }

        var checksum = (int)writer._layout.Checksum;
        SHA256.HashData(writer._bytes.AsSpan(0, checksum), writer._bytes.AsSpan(checksum));
        return writer._bytes;
    }

    private void WriteHeader()
    {
        NGramLayout.Magic.CopyTo(_bytes);
        var at = NGramLayout.Magic.Length;
        foreach (var number in (int[])[NGramLayout.Version, _layout.Levels.Count, _layout.VocabularySize, _layout.WeightBits, _layout.OddsBits, 0])
            WriteNumber(number);
        foreach (var level in _layout.Levels)
        {
            WriteNumber(level.Count);
            WriteNumber(level.Contexts);
        }

        void WriteNumber(int number)
        {
            BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(at), number);
            at += sizeof(int);
        }
    }

    private void WriteGrams(int level)
    {
        var sections = _layout.Levels[level];
        var tokens = new PackedWriter(_bytes, (int)sections.Tokens, _layout.TokenBits);
        List<double> weights = new(sections.Count);
        foreach (var gram in Kept(level))
        {
            tokens.Add((uint)_model.Counts.Levels[level].Tokens[gram]);
            weights.Add(_model.Weight(level, gram));
        }

        WriteNumbers(weights, _layout.WeightBits, sections.WeightValues, sections.Weights);
    }

    private void WriteContexts(int level)
    {
        var sections = _layout.Levels[level];
        var isContext = new PackedWriter(_bytes, (int)sections.IsContext, 1);
        var starts = new PackedWriter(_bytes, (int)sections.Starts, sections.StartBits);
        List<double> odds = new(sections.Contexts);
        var start = 0;
        foreach (var gram in Kept(level))
        {
            var children = CountChildren(level, gram);
            isContext.Add(children > 0 ? 1u : 0);
            if (children == 0)
                continue;
            starts.Add((uint)start);
            start += children;
            var (kept, left) = _model.Context(level, gram);
            odds.Add(left / kept);
        }

        WriteNumbers(odds, _layout.OddsBits, sections.OddsValues, sections.Odds);
    }

    private void WriteNumbers(List<double> numbers, int bits, long bookAt, long codesAt)
    {
        var codes = new PackedWriter(_bytes, (int)codesAt, bits);
        if (bits == NGramLayout.FloatBits)
        {
            foreach (var number in numbers)
                codes.Add(BitConverter.SingleToUInt32Bits((float)number));
            return;
        }

        var book = Codebook.For(CollectionsMarshal.AsSpan([.. numbers]), bits);
        for (var code = 0; code < 1 << bits; code++)
        {
            // Codes that nothing has are there too; they stand for one, so that every code is a valid number.
            var value = code < book.Values.Length ? book.Values[code] : 1;
            BinaryPrimitives.WriteSingleLittleEndian(_bytes.AsSpan((int)bookAt + code * sizeof(float)), value);
        }

        foreach (var number in numbers)
            codes.Add(book.Encode(number));
    }

    private IEnumerable<int> Kept(int level) => Enumerable.Range(0, _model.Counts.Levels[level].Count).Where(gram => _model.Has(level, gram));

    private bool IsContext(int level, int gram) => CountChildren(level, gram) > 0;

    private int CountChildren(int level, int gram)
    {
        var firstChild = _model.Counts.Levels[level].FirstChild;
        var count = 0;
        for (var child = firstChild[gram]; child < firstChild[gram + 1]; child++)
            count += _model.Has(level + 1, child) ? 1 : 0;
        return count;
    }
}
