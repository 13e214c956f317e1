namespace LmPlayground.Tokenizers;

/// <summary>Token ids to text as they come: a character split over tokens appears once, whole, with the token that completes it.</summary>
/// <remarks>Not thread-safe. Never gives U+FFFD for bytes that a later token may complete; bytes that cannot become a character are dropped.</remarks>
public abstract class TokenStreamDecoder
{
    /// <summary>Adds a token; returns the text that it completes, empty while a character is incomplete.</summary>
    public abstract string Append(int id);

    /// <summary>A second decoder in the same state.</summary>
    public abstract TokenStreamDecoder Fork();
}
