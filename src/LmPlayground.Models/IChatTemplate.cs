using LmPlayground.Tokenizers;

namespace LmPlayground.Models;

/// <summary>How a conversation becomes the text that a model reads.</summary>
/// <remarks>Thread-safe.</remarks>
public interface IChatTemplate
{
    /// <summary>The names of the model's templates; most models have <c>default</c> alone.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>Renders a conversation.</summary>
    /// <param name="request">The conversation and what belongs to it.</param>
    /// <param name="name">Which template; null is <c>tool_use</c> where there are tools and such a template, else <c>default</c>.</param>
    /// <returns>
    /// The text with its special tokens written out: tokenize it without adding special tokens again, as
    /// <see cref="ModelTokenizer.Encode"/> does with <c>addSpecialTokens: false</c>.
    /// </returns>
    /// <exception cref="ChatTemplateException">
    /// There is no such template, it is malformed, refuses these messages, or takes too much time, memory or depth.
    /// </exception>
    string Render(ChatRequest request, string? name = null);
}
