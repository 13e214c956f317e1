using System.Numerics;

namespace LmPlayground.Models.NGram.Storage;

/// <summary>
/// How a model lies in a file. All numbers are little-endian; every section begins at a multiple of eight bytes; there are no
/// offsets in the file: the header's sizes give them all.
/// </summary>
/// <remarks>
/// <para>Header, 32 bytes: the magic "LMPNGRAM"; then as 32-bit numbers the version 1, the order, the size of the vocabulary, the bits
/// of a weight, the bits of an odds, and 0. Then for each length two 32-bit numbers: how many n-grams there are, and how many of them
/// are contexts, that is, have n-grams that continue them. Unigrams are all ids of the vocabulary.</para>
/// <para>Unigrams: a 32-bit float each, the probability; 0 is an id without a token.</para>
/// <para>Each further length, in lexicographic order of the n-grams: the codebook of weights (2^bits floats; none where a weight is 32 bits
/// wide and a float itself); each n-gram's last token, as wide as the vocabulary needs; each n-gram's weight.</para>
/// <para>Each length but the greatest: one bit an n-gram, set for contexts; then for contexts only, the codebook of odds as above, each
/// one's odds, and the place of its first continuation, as wide as the number of those needs.</para>
/// <para>At the end the SHA-256 of everything before it.</para>
/// <para>A context h with odds o gives o / (1 + o) of its mass to the shorter context and 1 / (1 + o) to its continuations, in
/// proportion to their weights: whatever the rounding, the probabilities sum to one.</para>
/// </remarks>
internal sealed class NGramLayout
{
    /// <summary>The file's name in a model's folder.</summary>
    public const string FileName = "model.ngram";

    /// <summary>The only version.</summary>
    public const int Version = 1;

    /// <summary>The greatest order.</summary>
    public const int GreatestOrder = 6;

    /// <summary>The largest vocabulary.</summary>
    public const int GreatestVocabulary = 1 << 24;

    /// <summary>The width of a number that is a float itself.</summary>
    public const int FloatBits = 32;

    /// <summary>The bytes of a SHA-256.</summary>
    public const int ChecksumLength = 32;

    private const int FixedHeader = 32;

    /// <param name="vocabularySize">How many ids there are.</param>
    /// <param name="weightBits">The width of a weight.</param>
    /// <param name="oddsBits">The width of an odds.</param>
    /// <param name="grams">How many n-grams of each length there are.</param>
    /// <param name="contexts">How many of them are contexts.</param>
    public NGramLayout(int vocabularySize, int weightBits, int oddsBits, ReadOnlySpan<int> grams, ReadOnlySpan<int> contexts)
    {
        VocabularySize = vocabularySize;
        WeightBits = weightBits;
        OddsBits = oddsBits;
        TokenBits = BitsFor(vocabularySize - 1);
        long end = HeaderLength(grams.Length);
        Unigrams = Take(ref end, (long)vocabularySize * sizeof(float));
        var levels = new NGramSections[grams.Length];
        for (var level = 0; level < levels.Length; level++)
        {
            bool isFirst = level == 0, isLast = level == levels.Length - 1;
            var startBits = isLast ? 0 : BitsFor(grams[level + 1]);
            levels[level] = new NGramSections
            {
                Count = grams[level],
                Contexts = contexts[level],
                StartBits = startBits,
                WeightValues = Take(ref end, isFirst ? 0 : BookLength(weightBits)),
                Tokens = Take(ref end, isFirst ? 0 : Packed(grams[level], TokenBits)),
                Weights = Take(ref end, isFirst ? 0 : Packed(grams[level], weightBits)),
                IsContext = Take(ref end, isLast ? 0 : Packed(grams[level], 1)),
                OddsValues = Take(ref end, isLast ? 0 : BookLength(oddsBits)),
                Odds = Take(ref end, isLast ? 0 : Packed(contexts[level], oddsBits)),
                Starts = Take(ref end, isLast ? 0 : Packed(contexts[level], startBits)),
            };
        }

        Levels = levels;
        Checksum = end;
    }

    /// <summary>The first eight bytes.</summary>
    public static ReadOnlySpan<byte> Magic => "LMPNGRAM"u8;

    /// <summary>How many ids there are.</summary>
    public int VocabularySize { get; }

    /// <summary>The width of a weight.</summary>
    public int WeightBits { get; }

    /// <summary>The width of an odds.</summary>
    public int OddsBits { get; }

    /// <summary>The width of a token.</summary>
    public int TokenBits { get; }

    /// <summary>Where the unigrams' probabilities begin.</summary>
    public long Unigrams { get; }

    /// <summary>The sections of each length.</summary>
    public IReadOnlyList<NGramSections> Levels { get; }

    /// <summary>Where the checksum begins.</summary>
    public long Checksum { get; }

    /// <summary>The length of the file.</summary>
    public long Length => Checksum + ChecksumLength;

    /// <summary>The length of the header.</summary>
    public static int HeaderLength(int order) => FixedHeader + order * 2 * sizeof(int);

    /// <summary>Whether a width of weights and odds is one that there is: codes of 1 to 16 bits, or floats.</summary>
    public static bool IsWidth(int bits) => bits is (>= 1 and <= 16) or FloatBits;

    private static int BitsFor(int greatest) => Math.Max(1, 32 - BitOperations.LeadingZeroCount((uint)greatest));

    private static long BookLength(int bits) => bits == FloatBits ? 0 : sizeof(float) * (1L << bits);

    private static long Packed(int count, int bits) => ((long)count * bits + 7) / 8;

    private static long Take(ref long end, long length)
    {
        var start = end;
        end = (end + length + 7) & ~7L;
        return start;
    }
}

/// <summary>Where the n-grams of one length lie.</summary>
internal sealed record NGramSections
{
    /// <summary>How many n-grams.</summary>
    public required int Count { get; init; }

    /// <summary>How many of them are contexts.</summary>
    public required int Contexts { get; init; }

    /// <summary>The width of a start.</summary>
    public required int StartBits { get; init; }

    /// <summary>Where the codebook of weights begins.</summary>
    public required long WeightValues { get; init; }

    /// <summary>Where the last tokens begin.</summary>
    public required long Tokens { get; init; }

    /// <summary>Where the weights begin.</summary>
    public required long Weights { get; init; }

    /// <summary>Where the bits of contexts begin.</summary>
    public required long IsContext { get; init; }

    /// <summary>Where the codebook of odds begins.</summary>
    public required long OddsValues { get; init; }

    /// <summary>Where the contexts' odds begin.</summary>
    public required long Odds { get; init; }

    /// <summary>Where the places of first continuations begin.</summary>
    public required long Starts { get; init; }
}
