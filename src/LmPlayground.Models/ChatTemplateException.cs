namespace LmPlayground.Models;

/// <summary>A chat template cannot be rendered. The message names the template's file, the reason and what to do.</summary>
/// <param name="origin">Where the template comes from, as a user would look for it.</param>
/// <param name="reason">What is wrong; for a template that refuses its messages, its own words.</param>
/// <param name="advice">What to do, as a sentence.</param>
/// <param name="inner">What was caught, if anything.</param>
public sealed class ChatTemplateException(string origin, string reason, string advice, Exception? inner = null)
    : Exception($"{origin}: {reason.TrimEnd('.')}. {advice}", inner)
{
    /// <summary>The reason alone, as the template or its engine states it.</summary>
    public string Reason { get; } = reason;
}
