namespace LmPlayground.Tokenizers;

/// <summary>One token of a text.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Start">Where it begins in the text, in UTF-16 code units. Tokens that share a character all begin there; added special tokens are empty.</param>
/// <param name="Length">How many UTF-16 code units it covers.</param>
public readonly record struct TextToken(int Id, int Start, int Length);
