namespace LmPlayground.Web.Components.Controls;

/// <summary>What a word that explains itself looks like.</summary>
public enum TermLook
{
    /// <summary>The word within a text.</summary>
    Word,

    /// <summary>A question mark beside the word, where that is the label of something else.</summary>
    Sign,

    /// <summary>The name of a setting below its label, as an address has it.</summary>
    Code,
}
