using LmPlayground.Models;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.Tests.Support;

/// <summary>
/// A model of bytes whose logits are a hash of what was read and of the pieces it was read in: a cache that is not exact shows at once.
/// </summary>
public sealed class FakeModel : ILanguageModel
{
    private int _sessionsAlive;

    public FakeModel(int? contextLength = 512, int[]? endOfSequence = null)
    {
        Card = new ModelCard
        {
            Id = "fake",
            Name = "Fake",
            Architecture = "fake",
            Kind = ModelKind.ConcatCacheDecoder,
            VocabularySize = VocabularySize,
            ContextLength = contextLength,
            EndOfSequenceIds = [.. endOfSequence ?? []],
        };
    }

    public const int VocabularySize = 256;

    public ModelCard Card { get; set; }

    public ModelTokenizer Tokenizer { get; init; } = new ByteTokenizer();

    /// <summary>A tokenizer whose ids are the bytes and some more: another vocabulary.</summary>
    public static ModelTokenizer ShiftedTokenizer(int shift) => new ByteTokenizer(shift);

    /// <summary>What the model says after the tokens read so far; null for the hash.</summary>
    public Func<IReadOnlyList<int>, float[]?>? Script { get; init; }

    /// <summary>Whether it gives logits after each token of a piece, and not after the last alone.</summary>
    public bool GivesAllRows { get; init; }

    /// <summary>Called inside each forward pass.</summary>
    public Action<int, CancellationToken>? OnForward { get; set; }

    /// <summary>Makes <see cref="IDecoderSession.NearestRewind"/> act like a recurrent state with a snapshot every n tokens.</summary>
    public int SnapshotEvery { get; init; } = 1;

    public int SessionsAlive => _sessionsAlive;

    public int Forwards { get; private set; }

    public IDecoderSession StartSession() => new Session(this);

    public void Dispose()
    {
    }

    /// <summary>A script that says one text, byte by byte, after a prompt of <paramref name="promptLength"/> tokens.</summary>
    public static Func<IReadOnlyList<int>, float[]?> Say(string text, int promptLength)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        return history =>
        {
            var logits = new float[VocabularySize];
            logits[bytes[(history.Count - promptLength) % bytes.Length]] = 100;
            return logits;
        };
    }

    private sealed class Session : IDecoderSession
    {
        private readonly FakeModel _model;
        private readonly List<(int Token, int Piece)> _read;

        public Session(FakeModel model, IEnumerable<(int Token, int Piece)>? read = null)
        {
            _model = model;
            _read = [.. read ?? []];
            Interlocked.Increment(ref model._sessionsAlive);
        }

        public int Length => _read.Count;

        public int ContextLength => _model.Card.ContextLength ?? int.MaxValue;

        public Logits Forward(ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default)
        {
            _model.OnForward?.Invoke(tokens.Length, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            _model.Forwards++;
            var rows = new List<float>();
            foreach (var token in tokens)
            {
                _read.Add((token, tokens.Length));
                if (_model.GivesAllRows)
                    rows.AddRange(Row());
            }

            return new Logits(rows.Count > 0 ? [.. rows] : Row(), VocabularySize);
        }

        private float[] Row() => _model.Script?.Invoke([.. _read.Select(read => read.Token)]) ?? Hashed();

        public int NearestRewind(int length) => length / _model.SnapshotEvery * _model.SnapshotEvery;

        public void RewindTo(int length)
        {
            Assert.Equal(length, NearestRewind(length));
            _read.RemoveRange(length, _read.Count - length);
        }

        public IDecoderSession Fork() => new Session(_model, _read);

        public void Dispose() => Interlocked.Decrement(ref _model._sessionsAlive);

        private float[] Hashed()
        {
            var seed = _read.Aggregate(17, (hash, read) => unchecked((hash * 31 + read.Token) * 31 + read.Piece));
            var random = new Random(seed);
            return [.. Enumerable.Range(0, VocabularySize).Select(_ => (float)(random.NextDouble() * 12 - 6))];
        }
    }

    private sealed class ByteTokenizer(int shift = 0) : ModelTokenizer
    {
        public override int VocabularySize => FakeModel.VocabularySize;

        public override IReadOnlyList<TextToken> Encode(string text, bool addSpecialTokens = true) =>
            [.. System.Text.Encoding.UTF8.GetBytes(text).Select((value, index) => new TextToken((value + shift) % 256, index, 1))];

        public override string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = false) =>
            System.Text.Encoding.UTF8.GetString([.. ids.Select(id => (byte)(id - shift))]);

        public override string? TokenOf(int id) => Describe(id);

        public override int? IdOf(string token) => null;

        public override bool IsSpecial(int id) => false;

        public override string Describe(int id) => (byte)(id - shift) is < 128 and var value ? ((char)value).ToString() : $"<0x{(byte)(id - shift):X2}>";

        public override ReadOnlyMemory<byte> BytesOf(int id) => new byte[] { (byte)(id - shift) };

        public override TokenStreamDecoder StartStream(bool skipSpecialTokens = true) => new Stream([], shift);
    }

    private sealed class Stream(IEnumerable<byte> read, int shift) : TokenStreamDecoder
    {
        private readonly List<byte> _read = [.. read];

        public override string Append(int id)
        {
            var before = TextOf(_read).Length;
            _read.Add((byte)(id - shift));
            return TextOf(_read)[before..];
        }

        public override TokenStreamDecoder Fork() => new Stream(_read, shift);

        private static string TextOf(List<byte> bytes)
        {
            var characters = new char[bytes.Count + 1];
            var count = System.Text.Encoding.UTF8.GetDecoder().GetChars([.. bytes], characters, flush: false);
            return new string(characters, 0, count);
        }
    }
}
