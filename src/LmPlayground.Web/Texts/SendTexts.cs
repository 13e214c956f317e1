namespace LmPlayground.Web.Texts;

/// <summary>The words of the ways to share that leave the server out: whole in the address, or encrypted.</summary>
public sealed class SendTexts;
