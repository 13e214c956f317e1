using System.Buffers.Binary;
using System.Security.Cryptography;
using LmPlayground.Models.NGram;
using LmPlayground.Models.NGram.Storage;
using LmPlayground.Models.NGram.Training;
using LmPlayground.Tokenizers;

namespace LmPlayground.Models.Tests.NGram;

public sealed class NGramFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int, int> Shapes => new() { { 1, 6 }, { 2, 3 }, { 3, 32 }, { 4, 6 } };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_file_cut_anywhere_is_refused_by_name(int order, int bits)
    {
        var whole = Model(order, bits);
        for (var length = 0; length < whole.Length; length++)
            AssertRefused(whole[..length]);
        AssertRefused([.. whole, 0]);
        Open(whole).Dispose();
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_file_with_any_byte_changed_is_refused_by_name(int order, int bits)
    {
        var whole = Model(order, bits);
        for (var at = 0; at < whole.Length; at++)
        {
            byte[] changed = [.. whole];
            changed[at] ^= (byte)(1 << (at % 8));
            AssertRefused(changed);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_changed_file_with_a_checksum_to_match_is_refused_or_predicts_as_a_model_does(int order, int bits)
    {
        var whole = Model(order, bits);
        byte[] flips = [1, 0x10, 0x80, 0xFF, 3];
        var (loaded, refused) = (0, 0);
        for (var at = 0; at < whole.Length - SHA256.HashSizeInBytes; at++)
        {
            byte[] changed = [.. whole];
            changed[at] ^= flips[at % flips.Length];
            Sign(changed);
            try
            {
                using var trie = Open(changed);
                AssertPredicts(trie);
                loaded++;
            }
            catch (ModelLoadException e)
            {
                Assert.StartsWith(_folder.Path, e.File, StringComparison.Ordinal);
                refused++;
            }
        }

        // Both happen: the test reaches the checks behind the checksum, and what they let through.
        Assert.True(loaded > 0);
        Assert.True(refused > 30);
    }

    [Fact]
    public void Sizes_in_the_header_that_no_file_can_have_are_refused()
    {
        var whole = Model(4, 6);
        int[] numbers = [int.MinValue, -1, 0, 1, 2, 7, 1 << 24, (1 << 24) + 1, int.MaxValue];
        for (var at = 8; at < 64; at += sizeof(int))
        {
            foreach (var number in numbers.Where(n => n != BinaryPrimitives.ReadInt32LittleEndian(whole.AsSpan(at))))
            {
                byte[] changed = [.. whole];
                BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(at), number);
                Sign(changed);
                AssertRefused(changed);
            }
        }
    }

    [Fact]
    public void What_is_no_file_is_refused_by_name()
    {
        var missing = _folder.Combine("missing.ngram");
        Assert.Equal(missing, Assert.Throws<ModelLoadException>(() => NGramTrie.Open(missing)).File);
        Assert.Throws<ModelLoadException>(() => NGramTrie.Open(_folder.Path));
        var text = _folder.Write("text.ngram", new string('x', 500));
        Assert.Contains("no n-gram model", Assert.Throws<ModelLoadException>(() => NGramTrie.Open(text)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Few_distinct_numbers_keep_their_values_and_many_are_off_by_the_least_ratio()
    {
        double[] few = [0.25, 7, 0.25, 3e5];
        var exact = Codebook.For([.. few], 2);
        Assert.All(few, number => Assert.Equal((float)number, exact.Values[(int)exact.Encode(number)]));

        var random = new Random(3);
        double[] many = [.. Enumerable.Range(0, 5000).Select(_ => Math.Exp(random.NextDouble() * 8))];
        var rounded = Codebook.For([.. many], 6);
        Assert.InRange(rounded.Values.Length, 60, 64);
        double[] ratios = [.. many.Select(number => Math.Abs(Math.Log(number / rounded.Values[(int)rounded.Encode(number)])))];
        Assert.True(ratios.Max() < 8.0 / 60, $"off by e^{ratios.Max()}");
    }

    private static byte[] Model(int order, int bits) =>
        TestCorpus.All["documents shorter than the order"]().Count(new NGramTrainingOptions { Order = order, WeightBits = bits });

    private static void Sign(byte[] file) =>
        SHA256.HashData(file.AsSpan(..^SHA256.HashSizeInBytes), file.AsSpan(^SHA256.HashSizeInBytes..));

    private static void AssertPredicts(NGramTrie trie)
    {
        var row = new double[trie.VocabularySize];
        for (var id = 0; id < trie.VocabularySize; id++)
        {
            trie.Predict([2, 0, id], row);
            Assert.Equal(1, row.Sum(), 1e-6);
            trie.Predict([id, 0, 2], row);
            Assert.All(row, probability => Assert.InRange(probability, 0, 1 + 1e-9));
        }
    }

    private void AssertRefused(byte[] content)
    {
        var path = Write(content);
        var error = Assert.Throws<ModelLoadException>(() => NGramTrie.Open(path));
        Assert.Equal(path, error.File);
        File.Delete(path);
    }

    private NGramTrie Open(byte[] content) => NGramTrie.Open(Write(content));

    private string Write(byte[] content)
    {
        // Never over a file that may be mapped.
        var path = _folder.Combine("model.ngram");
        File.Delete(path);
        File.WriteAllBytes(path, content);
        return path;
    }
}
