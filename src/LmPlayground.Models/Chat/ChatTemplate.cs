using System.Collections.Immutable;
using System.Text.Json;

namespace LmPlayground.Models.Chat;

/// <summary>A model's chat template: how a conversation becomes the text that the model reads, as transformers renders it.</summary>
/// <remarks>
/// Thread-safe. A template is foreign code: it runs in an interpreter that reaches nothing outside, with limits on time, memory and
/// recursion. It is compiled when it is first used, so that a broken template does not keep a model from being loaded.
/// </remarks>
public sealed class ChatTemplate : IChatTemplate
{
    private const string Default = "default";
    private const string ToolUse = "tool_use";

    private readonly ImmutableArray<NamedTemplate> _templates;
    private readonly ImmutableDictionary<string, JsonElement> _specialTokens;

    /// <summary>A single template.</summary>
    /// <param name="origin">Where it comes from, for errors.</param>
    /// <param name="text">The template, in Jinja.</param>
    /// <param name="specialTokens">The variables that name the model's special tokens: <c>bos_token</c>, <c>eos_token</c>.</param>
    public ChatTemplate(string origin, string text, ImmutableDictionary<string, JsonElement>? specialTokens = null)
        : this([new NamedTemplate(Default, origin, text)], specialTokens ?? ImmutableDictionary<string, JsonElement>.Empty)
    {
    }

    internal ChatTemplate(ImmutableArray<NamedTemplate> templates, ImmutableDictionary<string, JsonElement> specialTokens)
    {
        _templates = templates;
        _specialTokens = specialTokens;
    }

    /// <inheritdoc/>
    public IEnumerable<string> Names => _templates.Select(template => template.Name);

    /// <inheritdoc/>
    public string Render(ChatRequest request, string? name = null)
    {
        var template = Choose(request, name);
        var now = request.Now ?? DateTime.Now;
        var steps = 0L;
        try
        {
            return TemplateEngine.Render(template, TemplateValues.Serialize(Variables(request)), now, out steps);
        }
        catch (ChatTemplateException stopped) when (stopped.InnerException is TemplateLimitException { Advice: TemplateLimitException.Endless or TemplateLimitException.Slow })
        {
            if (TemplateGrowth.Explain(request.Messages.GetArrayLength(), steps, turns => Try(template, request, turns, now)) is not var (reason, advice))
                throw;
            throw new ChatTemplateException(template.Origin, reason, advice, stopped);
        }
    }

    /// <summary>How a template gets on with the beginning of a conversation.</summary>
    private TemplateGrowth.Trial Try(NamedTemplate template, ChatRequest request, int turns, DateTime now)
    {
        var steps = 0L;
        var beginning = request with { Messages = JsonSerializer.SerializeToElement(request.Messages.EnumerateArray().Take(turns)) };
        try
        {
            TemplateEngine.Render(template, TemplateValues.Serialize(Variables(beginning)), now, out steps);
            return new TemplateGrowth.Trial(steps, false, false);
        }
        catch (ChatTemplateException failed)
        {
            return new TemplateGrowth.Trial(steps, failed.InnerException is TemplateLimitException, true);
        }
    }

    private NamedTemplate Choose(ChatRequest request, string? name)
    {
        if (name is null && request.Tools is { ValueKind: JsonValueKind.Array } tools && tools.GetArrayLength() > 0 && Find(ToolUse) is { } forTools)
            return forTools;
        return Find(name ?? Default) ?? throw new ChatTemplateException(
            _templates[0].Origin, $"there is no chat template named '{name ?? Default}'", $"Name one of these: {string.Join(", ", Names)}.");
    }

    private NamedTemplate? Find(string name) => _templates.FirstOrDefault(template => template.Name == name);

    /// <summary>In the order of transformers; what comes later wins.</summary>
    private Dictionary<string, JsonElement?> Variables(ChatRequest request)
    {
        var variables = new Dictionary<string, JsonElement?>();
        foreach (var (name, value) in _specialTokens)
            variables[name] = value;
        foreach (var (name, value) in request.Variables)
            variables[name] = value;
        variables["messages"] = request.Messages;
        variables["tools"] = request.Tools;
        variables["documents"] = request.Documents;
        variables["add_generation_prompt"] = JsonSerializer.SerializeToElement(request.AddGenerationPrompt);
        return variables;
    }
}

/// <summary>One of a model's templates.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Origin">The file that it is in, for errors.</param>
/// <param name="Text">The template, in Jinja.</param>
internal sealed record NamedTemplate(string Name, string Origin, string Text);
