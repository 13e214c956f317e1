using System.Buffers;
using System.Text;
using LmPlayground.Tokenizers.Text;
using LmPlayground.Tokenizers.Vocabularies;

namespace LmPlayground.Tokenizers.Pipeline;

/// <summary>Finds added tokens in a text: the leftmost, the longest among those, then each one's conditions.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class AddedTokenMatcher
{
    private readonly SearchValues<string>? _contents;
    private readonly Dictionary<char, AddedToken[]> _byFirst;

    /// <param name="tokens">The tokens with the text that each is looked for by.</param>
    public AddedTokenMatcher(IEnumerable<AddedToken> tokens)
    {
        AddedToken[] all = [.. tokens.Where(t => t.Content.Length > 0)];
        _contents = all.Length == 0 ? null : SearchValues.Create([.. all.Select(t => t.Content)], StringComparison.Ordinal);
        _byFirst = all.GroupBy(t => t.Content[0]).ToDictionary(g => g.Key, g => g.OrderByDescending(t => t.Content.Length).ToArray());
    }

    /// <summary>Adds the stretches of <paramref name="text"/> in order: added tokens, and null for what lies between them.</summary>
    public void Split(ReadOnlySpan<char> text, List<(AddedToken? Token, int Start, int Length)> output)
    {
        var taken = 0;
        var at = 0;
        while (_contents is not null && at < text.Length)
        {
            var found = text[at..].IndexOfAny(_contents);
            if (found < 0)
                break;
            var start = at + found;
            var token = Longest(text[start..]);
            var end = start + token.Content.Length;
            at = end;
            if (token.SingleWord && (EndsInWord(text[..start]) || BeginsWithWord(text[end..])))
                continue;
            if (token.LeftStrip)
                start = text[..start].TrimEnd().Length;
            if (token.RightStrip)
                end = text.Length - text[end..].TrimStart().Length;

            // White space that the token before has taken is not taken twice.
            start = Math.Max(start, taken);
            if (end <= start)
                continue;
            if (start > taken)
                output.Add((null, taken, start - taken));
            output.Add((token, start, end - start));
            taken = end;
            at = Math.Max(at, end);
        }

        if (taken < text.Length)
            output.Add((null, taken, text.Length - taken));
    }

    private AddedToken Longest(ReadOnlySpan<char> text)
    {
        foreach (var token in _byFirst[text[0]])
        {
            if (text.StartsWith(token.Content, StringComparison.Ordinal))
                return token;
        }

        throw new InvalidOperationException("The search found a token that is not there.");
    }

    private static bool EndsInWord(ReadOnlySpan<char> text) =>
        Rune.DecodeLastFromUtf16(text, out var rune, out _) == OperationStatus.Done && WordCharacters.Contains(rune);

    private static bool BeginsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out var rune, out _) == OperationStatus.Done && WordCharacters.Contains(rune);
}
