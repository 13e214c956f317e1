using LmPlayground.Tokenizers.Files;

namespace LmPlayground.Tokenizers.Sources;

/// <summary>What kind of piece it is, in SentencePiece's numbers.</summary>
internal enum PieceKind
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}

/// <summary>A piece of a SentencePiece vocabulary; its id is its place.</summary>
internal sealed record SentencePiece(string Text, double Score, PieceKind Kind);

/// <summary>SentencePiece's <c>tokenizer.model</c>.</summary>
/// <remarks>Field numbers: https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto.</remarks>
internal sealed class SentencePieceFile
{
    private const int Unigram = 1;
    private const int Bpe = 2;

    private readonly List<SentencePiece> _pieces = [];
    private int _algorithm = Unigram;

    private SentencePieceFile(string path) => Path = path;

    public string Path { get; }

    public IReadOnlyList<SentencePiece> Pieces => _pieces;

    public bool IsBpe => _algorithm == Bpe;

    public bool ByteFallback { get; private set; }

    public bool AddDummyPrefix { get; private set; } = true;

    /// <summary>The compiled replacements, empty where nothing is normalized.</summary>
    public byte[] Replacements { get; private set; } = [];

    /// <exception cref="ModelLoadException">It cannot be read, or is no SentencePiece model of a kind that is supported.</exception>
    public static SentencePieceFile Read(string path)
    {
        var file = new SentencePieceFile(path);
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 14);
            file.ReadModel(new ProtobufReader(stream), stream.Length);
        }
        catch (InvalidDataException e)
        {
            throw new ModelLoadException(path, $"is no SentencePiece model that can be read: {e.Message}.{(LfsPointer.Is(path) ? LfsPointer.Advice : "")}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException(path, $"cannot be read: {e.Message}", e);
        }

        if (file._pieces.Count == 0)
            throw new ModelLoadException(path, $"is no SentencePiece model: it holds no pieces.{(new FileInfo(path).Length == 0 ? " It is empty: download it again." : "")}");
        if (file._algorithm is not (Unigram or Bpe))
            throw new ModelLoadException(path, "is a SentencePiece model of words or characters, which is not supported; only unigram and BPE are.");
        return file;
    }

    private void ReadModel(ProtobufReader reader, long end)
    {
        const int pieces = 1, trainer = 2, normalizer = 3;
        while (reader.TryReadField(end, out var field, out var fieldEnd))
        {
            if (fieldEnd < 0)
                continue;
            switch (field)
            {
                case pieces:
                    ReadPiece(reader, fieldEnd);
                    break;
                case trainer:
                    ReadTrainer(reader, fieldEnd);
                    break;
                case normalizer:
                    ReadNormalizer(reader, fieldEnd);
                    break;
            }

            reader.SkipTo(fieldEnd, end);
        }
    }

    private void ReadPiece(ProtobufReader reader, long end)
    {
        const int text = 1, score = 2, kind = 3;
        (var piece, double value, var type) = ("", 0, PieceKind.Normal);
        while (reader.TryReadField(end, out var field, out var fieldEnd))
        {
            if (field == text && fieldEnd >= 0)
                piece = reader.ReadString(fieldEnd);
            else if (fieldEnd >= 0)
                reader.SkipTo(fieldEnd, end);
            else if (field == score)
                value = BitConverter.UInt32BitsToSingle((uint)reader.Number);
            else if (field == kind)
                type = (PieceKind)(int)reader.Number;
        }

        if (!double.IsFinite(value))
            throw new InvalidDataException($"the piece {_pieces.Count} has no score");
        _pieces.Add(new SentencePiece(piece, value, type));
    }

    private void ReadTrainer(ProtobufReader reader, long end)
    {
        const int modelType = 3, byteFallback = 35;
        while (reader.TryReadField(end, out var field, out var fieldEnd))
        {
            if (fieldEnd >= 0)
                reader.SkipTo(fieldEnd, end);
            else if (field == modelType)
                _algorithm = (int)reader.Number;
            else if (field == byteFallback)
                ByteFallback = reader.Number != 0;
        }
    }

    private void ReadNormalizer(ProtobufReader reader, long end)
    {
        const int charsmap = 2, addDummyPrefix = 3;
        while (reader.TryReadField(end, out var field, out var fieldEnd))
        {
            if (field == charsmap && fieldEnd >= 0)
                Replacements = reader.ReadBytes(fieldEnd);
            else if (fieldEnd >= 0)
                reader.SkipTo(fieldEnd, end);
            else if (field == addDummyPrefix)
                AddDummyPrefix = reader.Number != 0;
        }
    }
}
