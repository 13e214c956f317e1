using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Models;
using LmPlayground.Models.Chat;

namespace LmPlayground.Web.Runs;

/// <summary>A prompt as the model reads it.</summary>
/// <param name="Ids">Its token ids.</param>
/// <param name="Rendered">The conversation that the model's chat template made of it, or null where it is read as it stands.</param>
internal sealed record ChatPrompt(ImmutableArray<int> Ids, string? Rendered)
{
    /// <summary>Encodes a prompt: as a user's message where the model has a chat template and nobody decided otherwise, else as it stands.</summary>
    /// <param name="model">The model.</param>
    /// <param name="text">What was typed.</param>
    /// <param name="chat">Whether it is a message; null is what the model is made for.</param>
    /// <param name="system">What stands before the message for the model alone, or null.</param>
    /// <exception cref="PromptException">The model cannot begin with it.</exception>
    /// <exception cref="ChatTemplateException">The model's template cannot be rendered.</exception>
    internal static ChatPrompt Of(ILanguageModel model, string text, bool? chat, string? system)
    {
        if (model.Card.ChatTemplate is not { } template || chat is false)
            return new ChatPrompt(PromptEncoder.Encode(model, text), null);
        var user = new ChatMessage("user", text);
        var rendered = template.Render(string.IsNullOrEmpty(system) ? ChatRequest.For(user) : ChatRequest.For(new ChatMessage("system", system), user));
        return new ChatPrompt(PromptEncoder.EncodeRendered(model, rendered), rendered);
    }
}
