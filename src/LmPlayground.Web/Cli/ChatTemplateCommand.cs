using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using LmPlayground.Models;
using LmPlayground.Models.Chat;

namespace LmPlayground.Web.Cli;

/// <summary>
/// <c>chat-template</c>: reads JSON lines <c>{"template", "messages", "tools", "documents", "add_generation_prompt", "variables"}</c> and
/// prints <c>{"text"}</c> or <c>{"error"}</c> a line, so that any other implementation can be compared with ours. Every other member of
/// a line is a variable of the template, such as <c>"bos_token"</c>.
/// </summary>
internal static class ChatTemplateCommand
{
    private static readonly string[] Known = ["template", "messages", "tools", "documents", "add_generation_prompt", "variables"];

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    internal static Command Create()
    {
        var command = new Command("chat-template", "Read JSON lines {\"template\", \"messages\", ...}; print each conversation as its chat template renders it.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            await JsonLines.ForEachAsync(line => output.WriteLine(JsonSerializer.Serialize(Render(line), Json)), cancellationToken);
            await output.FlushAsync(cancellationToken);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Rendered Render(JsonElement line)
    {
        if (!line.TryGetProperty("template", out var template) || template.ValueKind != JsonValueKind.String)
            throw new JsonLineException("\"template\" must be a string.");
        if (!line.TryGetProperty("messages", out var messages))
            throw new JsonLineException("\"messages\" is missing.");
        var request = new ChatRequest
        {
            Messages = messages,
            Tools = Optional(line, "tools"),
            Documents = Optional(line, "documents"),
            AddGenerationPrompt = line.TryGetProperty("add_generation_prompt", out var add) && add.ValueKind == JsonValueKind.True,
            Variables = Variables(line),
        };
        try
        {
            return new Rendered(new ChatTemplate("template", template.GetString()!).Render(request), null);
        }
        catch (ChatTemplateException exception)
        {
            return new Rendered(null, exception.Reason);
        }
    }

    private static ImmutableDictionary<string, JsonElement> Variables(JsonElement line)
    {
        var variables = ImmutableDictionary.CreateBuilder<string, JsonElement>();
        if (Optional(line, "variables") is { } stated)
        {
            if (stated.ValueKind != JsonValueKind.Object)
                throw new JsonLineException("\"variables\" must be an object.");
            foreach (var member in stated.EnumerateObject())
                variables[member.Name] = member.Value;
        }

        foreach (var member in line.EnumerateObject().Where(member => !Known.Contains(member.Name)))
            variables[member.Name] = member.Value;
        return variables.ToImmutable();
    }

    private static JsonElement? Optional(JsonElement line, string name) =>
        line.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private sealed record Rendered(string? Text, string? Error);
}
