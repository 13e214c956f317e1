namespace LmPlayground.Models.Tokenization;

/// <summary>Token ids to text as they come, for every family of tokenizers: the family's decoder gives bytes, which become characters here.</summary>
internal sealed class PipelineStreamDecoder(TokenBytes bytes, bool skipSpecialTokens) : TokenStreamDecoder
{
    private Utf8Stream _stream;
    private bool _begun;

    public override string Append(int id)
    {
        if (bytes.Of(id, !_begun, skipSpecialTokens) is not { } added)
            return "";
        _begun = true;
        return _stream.Append(added);
    }

    public override TokenStreamDecoder Fork() => (TokenStreamDecoder)MemberwiseClone();
}
