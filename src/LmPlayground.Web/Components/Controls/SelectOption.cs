namespace LmPlayground.Web.Components.Controls;

/// <summary>One line of a <see cref="Select"/>.</summary>
/// <param name="Value">What choosing it gives.</param>
/// <param name="Text">Its name.</param>
/// <param name="Help">What it means, in one sentence, or null.</param>
public sealed record SelectOption(string Value, string Text, string? Help = null);
