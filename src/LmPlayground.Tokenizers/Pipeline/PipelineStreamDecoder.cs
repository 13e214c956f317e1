using LmPlayground.Tokenizers.Text;

namespace LmPlayground.Tokenizers.Pipeline;

/// <summary>Token ids to text as they come, for every family of tokenizers: the family's decoder gives bytes, which become characters here.</summary>
internal sealed class PipelineStreamDecoder(TokenBytes bytes, bool skipSpecialTokens) : TokenStreamDecoder
{
    private Utf8Stream _stream;
    private int? _previous;

    public override string Append(int id)
    {
        if (bytes.Of(id, _previous is null, skipSpecialTokens) is not { } added)
            return "";
        var owed = _previous is { } previous ? bytes.OwedAfter(previous) : default;
        _previous = id;
        return owed.IsEmpty ? _stream.Append(added) : _stream.Append([.. owed, .. added]);
    }

    public override TokenStreamDecoder Fork() => (TokenStreamDecoder)MemberwiseClone();
}
