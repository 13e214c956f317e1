using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using LmPlayground.Models;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.Steps;

/// <summary>A model's tokens as the stages of a run ask for them.</summary>
internal sealed class ModelVocabulary(IModel model, StoppingOptions stopping) : ISamplingVocabulary
{
    private readonly TokenTexts _texts = TokenTexts.For(model.Tokenizer);

    public int Size => model.Card.VocabularySize;

    public IReadOnlyList<int> EndOfSequenceIds => model.Card.EndOfSequenceIds;

    public IReadOnlyList<int> StopTokenIds => stopping.StopTokenIds;

    public IReadOnlyList<int> Encode(string text) => WholeToken.Inside(model.Tokenizer, text);

    public IReadOnlyList<int> TokensContaining(string text) => _texts.Containing(text);

    /// <summary>The bytes of a tokenizer's tokens as they stand inside a text, and which of them contain what was asked for.</summary>
    /// <remarks>Thread-safe: a list that two threads make at the same time is the same list.</remarks>
    private sealed class TokenTexts(ModelTokenizer tokenizer)
    {
        private const int MostAnswers = 256;

        private static readonly ConditionalWeakTable<ModelTokenizer, TokenTexts> Known = [];

        private readonly Lazy<ReadOnlyMemory<byte>[]> _texts = new(() =>
            [.. Enumerable.Range(0, tokenizer.VocabularySize).Select(tokenizer.BytesOf)]);

        private readonly ConcurrentDictionary<string, ImmutableArray<int>> _answers = new(StringComparer.Ordinal);

        internal static TokenTexts For(ModelTokenizer tokenizer) => Known.GetValue(tokenizer, static key => new TokenTexts(key));

        internal ImmutableArray<int> Containing(string text)
        {
            if (_answers.Count >= MostAnswers)
                _answers.Clear();
            return _answers.GetOrAdd(text, wanted => Find(Encoding.UTF8.GetBytes(wanted)));
        }

        private ImmutableArray<int> Find(byte[] wanted) =>
            [.. Enumerable.Range(0, _texts.Value.Length).Where(id => _texts.Value[id].Span.IndexOf(wanted) >= 0)];
    }
}
