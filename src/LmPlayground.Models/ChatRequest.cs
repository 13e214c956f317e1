using System.Collections.Immutable;
using System.Text.Json;

namespace LmPlayground.Models;

/// <summary>One message of a conversation whose content is text.</summary>
/// <param name="Role">Who speaks: <c>system</c>, <c>user</c>, <c>assistant</c> or what else the template knows.</param>
/// <param name="Content">What is said.</param>
public sealed record ChatMessage(string Role, string Content);

/// <summary>What a chat template is given, as <c>apply_chat_template</c> of transformers takes it.</summary>
public sealed record ChatRequest
{
    /// <summary>The conversation: a list of objects, each with <c>role</c> and <c>content</c> and what else the template reads.</summary>
    public required JsonElement Messages { get; init; }

    /// <summary>The tools that the model may call, a list of JSON schemas; null is Jinja's none.</summary>
    public JsonElement? Tools { get; init; }

    /// <summary>The documents that the model may quote; null is Jinja's none.</summary>
    public JsonElement? Documents { get; init; }

    /// <summary>Whether the text ends with what begins an answer.</summary>
    public bool AddGenerationPrompt { get; init; }

    /// <summary>Further variables by name; they win over the model's special tokens.</summary>
    public ImmutableDictionary<string, JsonElement> Variables { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;

    /// <summary>What <c>strftime_now</c> shows; null is the local time.</summary>
    public DateTime? Now { get; init; }

    /// <summary>A conversation of plain texts, the answer to which is to be generated.</summary>
    public static ChatRequest For(params ReadOnlySpan<ChatMessage> messages)
    {
        var plain = new List<Dictionary<string, string>>();
        foreach (var message in messages)
            plain.Add(new Dictionary<string, string> { ["role"] = message.Role, ["content"] = message.Content });
        return new ChatRequest { Messages = JsonSerializer.SerializeToElement(plain), AddGenerationPrompt = true };
    }
}
