using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using LmPlayground.Tokenizers.Text;

namespace LmPlayground.Tokenizers.Normalizers;

/// <summary>SentencePiece's compiled table of replacements (<c>precompiled_charsmap</c>), applied as Hugging Face does.</summary>
/// <remarks>
/// <para>The table: the length of a double-array trie in bytes, the trie in units of 32 bits, then the replacements in UTF-8, each ended by
/// a zero byte. Its layout is that of Darts-clone (https://github.com/s-yata/darts-clone).</para>
/// <para>SentencePiece replaces the longest match at every place. Hugging Face looks at grapheme clusters of less than six bytes, of which
/// the shortest match replaces the whole, then at single characters; tokenizers are published with what that gives, so it is done here.</para>
/// <para>Immutable and thread-safe.</para>
/// </remarks>
internal sealed class PrecompiledNormalizer : TextNormalizer
{
    // A longer cluster is replaced character by character.
    private const int LongestCluster = 5;

    private readonly uint[] _trie;
    private readonly byte[] _replacements;
    private readonly string?[] _ascii;

    /// <exception cref="FormatException">These bytes are no such table.</exception>
    public PrecompiledNormalizer(ReadOnlySpan<byte> table)
    {
        if (table.Length < 4)
            throw new FormatException("the table is cut off");
        var length = BinaryPrimitives.ReadUInt32LittleEndian(table) / 4;
        if (length == 0 || length > (uint)(table.Length - 4) / 4)
            throw new FormatException("the trie is longer than the table");
        _trie = new uint[length];
        for (var i = 0; i < _trie.Length; i++)
            _trie[i] = BinaryPrimitives.ReadUInt32LittleEndian(table[(4 + (4 * i))..]);
        _replacements = table[(4 + (4 * _trie.Length))..].ToArray();
        if (!System.Text.Unicode.Utf8.IsValid(_replacements))
            throw new FormatException("the replacements are no UTF-8");
        _ascii = [.. Enumerable.Range(0, 128).Select(value => Lookup(new string((char)value, 1)))];
    }

    public override NormalizedText Normalize(NormalizedText text)
    {
        var changes = new List<(Rune, int)>(text.Text.Length);
        var modified = false;
        Span<char> units = stackalloc char[2];
        ReadOnlySpan<char> rest = text.Text;
        while (!rest.IsEmpty)
        {
            var length = ClusterLength(rest);
            var cluster = rest[..length];
            rest = rest[length..];
            if (Replacement(cluster) is { } whole)
            {
                Add(cluster, whole);
                continue;
            }

            foreach (var rune in cluster.EnumerateRunes())
            {
                ReadOnlySpan<char> character = units[..rune.EncodeToUtf16(units)];
                if (length > character.Length && Replacement(character) is { } single)
                    Add(character, single);
                else
                    changes.Add((rune, 0));
            }
        }

        return modified ? text.Transform(changes) : text;

        void Add(ReadOnlySpan<char> old, string replacement)
        {
            modified = true;
            var first = changes.Count;
            var stand = Count(old);
            foreach (var rune in replacement.EnumerateRunes())
                changes.Add((rune, changes.Count - first < stand ? 0 : 1));

            // What has no successor belongs to the last that was written, be it of an earlier replacement.
            var removed = stand - (changes.Count - first);
            if (removed > 0 && changes.Count > 0)
                changes[^1] = (changes[^1].Item1, changes[^1].Item2 - removed);
        }
    }

    private static int ClusterLength(ReadOnlySpan<char> text) =>
        char.IsAscii(text[0]) && text[0] != '\r' && (text.Length == 1 || char.IsAscii(text[1])) ? 1 : StringInfo.GetNextTextElementLength(text);

    private string? Replacement(ReadOnlySpan<char> text)
    {
        if (text.Length == 1 && char.IsAscii(text[0]))
            return _ascii[text[0]];
        return text.Length <= LongestCluster ? Lookup(text) : null;
    }

    /// <summary>What the shortest key that the text begins with is replaced by.</summary>
    private string? Lookup(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[LongestCluster * 3];
        var length = Encoding.UTF8.GetBytes(text, bytes);
        if (length > LongestCluster)
            return null;
        var position = Offset(_trie[0]);
        foreach (var label in bytes[..length])
        {
            position ^= label;
            if (label == 0 || position >= _trie.Length)
                return null;
            var unit = _trie[position];
            if ((unit & 0x8000_00FF) != label)
                return null;
            position ^= Offset(unit);
            if ((unit >> 8 & 1) != 0)
                return position < _trie.Length ? ReplacementAt(_trie[position] & 0x7FFF_FFFF) : null;
        }

        return null;
    }

    private string? ReplacementAt(uint start)
    {
        if (start > _replacements.Length)
            return null;
        ReadOnlySpan<byte> rest = _replacements.AsSpan((int)start);
        var end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }

    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & 1 << 9) >> 6);

    private static int Count(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
            count++;
        return count;
    }
}
