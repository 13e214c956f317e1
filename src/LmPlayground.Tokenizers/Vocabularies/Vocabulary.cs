namespace LmPlayground.Tokenizers.Vocabularies;

/// <summary>The tokens of a model in their own spelling, both ways. There may be holes between the ids.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class Vocabulary
{
    /// <summary>The greatest id that is believed: tables are as long as the greatest id.</summary>
    public const int GreatestId = (1 << 24) - 1;

    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly string?[] _tokens;

    /// <summary>Takes the ids of all tokens, none negative.</summary>
    public Vocabulary(Dictionary<string, int> ids)
    {
        _ids = ids;
        _bySpan = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _tokens = new string?[ids.Count == 0 ? 0 : ids.Values.Max() + 1];
        foreach (var (token, id) in ids)
            _tokens[id] = token;
    }

    /// <summary>Takes the token of every id; of one that is there twice the last id is its own.</summary>
    public Vocabulary(IReadOnlyList<string> tokens)
    {
        _ids = new Dictionary<string, int>(tokens.Count, StringComparer.Ordinal);
        for (var id = 0; id < tokens.Count; id++)
            _ids[tokens[id]] = id;
        _bySpan = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _tokens = [.. tokens];
    }

    public IReadOnlyDictionary<string, int> Ids => _ids;

    /// <summary>One more than the greatest id.</summary>
    public int Size => _tokens.Length;

    /// <summary>Whether two tokens have one id.</summary>
    public bool SharesIds => _ids.Count > _tokens.Length || _ids.Any(entry => _tokens[entry.Value] != entry.Key);

    public string? TokenOf(int id) => (uint)id < (uint)_tokens.Length ? _tokens[id] : null;

    public bool TryGetId(ReadOnlySpan<char> token, out int id) => _bySpan.TryGetValue(token, out id);
}
