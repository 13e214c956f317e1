using LmPlayground.Sampling.Stages;

namespace LmPlayground.Sampling.Tests.Support;

/// <summary>A vocabulary of given texts; a text is encoded by the longest token that fits.</summary>
public sealed class FakeVocabulary(params string[] tokens) : ISamplingVocabulary
{
    public int Size => tokens.Length;

    public IReadOnlyList<int> EndOfSequenceIds { get; init; } = [];

    public IReadOnlyList<int> StopTokenIds { get; init; } = [];

    public IReadOnlyList<int> Encode(string text)
    {
        var ids = new List<int>();
        while (text.Length > 0)
        {
            var best = Enumerable.Range(0, tokens.Length)
                .Where(id => tokens[id].Length > 0 && text.StartsWith(tokens[id], StringComparison.Ordinal))
                .OrderByDescending(id => tokens[id].Length).Cast<int?>().FirstOrDefault();
            if (best is { } id)
                ids.Add(id);
            text = text[(best is { } known ? tokens[known].Length : 1)..];
        }

        return ids;
    }

    public IReadOnlyList<int> TokensContaining(string text) =>
        [.. Enumerable.Range(0, tokens.Length).Where(id => tokens[id].Contains(text, StringComparison.Ordinal))];
}
