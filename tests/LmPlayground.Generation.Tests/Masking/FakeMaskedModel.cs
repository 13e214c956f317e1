using LmPlayground.Models;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.Tests.Masking;

/// <summary>A masked model whose tokens are letters: "_" is a mask, "^" and "$" stand around every text.</summary>
internal sealed class FakeMaskedModel(Func<int[], int, float[]>? script = null) : IMaskedModel
{
    internal const string Alphabet = "_^$abcdefgh ";

    public ModelCard Card { get; } = new()
    {
        Id = "masked",
        Name = "Masked",
        Architecture = "fake",
        Kind = ModelKind.Masked,
        VocabularySize = Alphabet.Length,
        ContextLength = 16,
        MaskToken = "_",
    };

    public ModelTokenizer Tokenizer { get; } = new Letters();

    public int MaskId => 0;

    /// <summary>Called inside each prediction.</summary>
    internal Action? OnPredict { get; set; }

    /// <summary>The texts that were predicted.</summary>
    internal List<string> Seen { get; } = [];

    public void Predict(ReadOnlySpan<int> tokens, Span<float> logits, CancellationToken cancellationToken = default)
    {
        OnPredict?.Invoke();
        cancellationToken.ThrowIfCancellationRequested();
        var ids = tokens.ToArray();
        Seen.Add(Tokenizer.Decode(ids));
        for (var position = 0; position < ids.Length; position++)
            Logits(ids, position).CopyTo(logits[(position * Alphabet.Length)..]);
    }

    /// <summary>What the model says of one place: the script's word, else a hash of the whole text.</summary>
    internal float[] Logits(int[] ids, int position)
    {
        if (script is not null)
            return script(ids, position);
        var random = new Random(ids.Aggregate(position + 17, (hash, id) => unchecked(hash * 31 + id)));
        return [.. Alphabet.Select(_ => (float)(random.NextDouble() * 6 - 3))];
    }

    public void Dispose()
    {
    }

    private sealed class Letters : ModelTokenizer
    {
        public override int VocabularySize => Alphabet.Length;

        public override IReadOnlyList<TextToken> Encode(string text, bool addSpecialTokens = true)
        {
            var bare = text.Select((letter, index) => new TextToken(Alphabet.IndexOf(letter), index, 1));
            return addSpecialTokens ? [new TextToken(1, 0, 0), .. bare, new TextToken(2, text.Length, 0)] : [.. bare];
        }

        public override string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = false) =>
            string.Concat(ids.Where(id => !skipSpecialTokens || !IsSpecial(id)).Select(id => Alphabet[id]));

        public override string? TokenOf(int id) => Alphabet[id].ToString();

        public override int? IdOf(string token) => Alphabet.IndexOf(token, StringComparison.Ordinal) is >= 0 and var id ? id : null;

        public override bool IsSpecial(int id) => id < 3;

        public override string Describe(int id) => Alphabet[id].ToString();

        public override ReadOnlyMemory<byte> BytesOf(int id) => System.Text.Encoding.UTF8.GetBytes(Describe(id));

        public override TokenStreamDecoder StartStream(bool skipSpecialTokens = true) => throw new NotSupportedException();
    }
}
