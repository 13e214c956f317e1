namespace LmPlayground.Tokenizers.Vocabularies;

/// <summary>A token that is looked for in the text itself, before any model.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">How it is written.</param>
/// <param name="SingleWord">Whether it must not touch a word character.</param>
/// <param name="LeftStrip">Whether it takes the white space before it.</param>
/// <param name="RightStrip">Whether it takes the white space after it.</param>
/// <param name="Normalized">Whether it is looked for after normalisation.</param>
/// <param name="Special">Whether it structures a text rather than spells it.</param>
internal sealed record AddedToken(int Id, string Content, bool SingleWord, bool LeftStrip, bool RightStrip, bool Normalized, bool Special);
