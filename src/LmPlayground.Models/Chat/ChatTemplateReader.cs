using System.Collections.Immutable;
using System.Text.Json;
using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Files;

namespace LmPlayground.Models.Chat;

/// <summary>Finds a model's chat templates where transformers looks for them.</summary>
internal static class ChatTemplateReader
{
    private const long GreatestFile = 4 << 20;
    private const string Additional = "additional_chat_templates";

    /// <summary>The files that a template may stand in.</summary>
    public static readonly string[] Files = ["chat_template.jinja", "tokenizer_config.json", "chat_template.json"];

    private static readonly string[] SpecialTokens =
        ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    /// <summary>The templates of a model folder, or null where it has none.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="values">Takes note of what cannot be used.</param>
    /// <exception cref="ModelLoadException">A file is no JSON, too large, or leads out of the folder.</exception>
    public static ChatTemplate? Read(ModelFolder folder, UsableValues values)
    {
        var templates = FromFiles(folder);
        if (templates.IsEmpty)
            templates = [.. FromJson(folder, "tokenizer_config.json", values)];
        if (templates.IsEmpty)
            templates = [.. FromJson(folder, "chat_template.json", values)];
        return templates.IsEmpty ? null : new ChatTemplate(templates, ReadSpecialTokens(folder, values));
    }

    /// <summary>Whether a folder holds a template, as far as can be told without loading its model.</summary>
    public static bool Peek(string directory)
    {
        try
        {
            return Read(new ModelFolder(directory), new UsableValues()) is not null;
        }
        catch (ModelLoadException)
        {
            // Loading it says what is wrong.
            return false;
        }
    }

    /// <summary>Files of their own win over what stands in JSON.</summary>
    private static ImmutableArray<NamedTemplate> FromFiles(ModelFolder folder)
    {
        var templates = ImmutableArray.CreateBuilder<NamedTemplate>();
        if (folder.Find("chat_template.jinja") is { } single)
            templates.Add(new NamedTemplate("default", single, ReadText(single)));
        var directory = Path.Combine(folder.Directory, Additional);
        if (Directory.Exists(directory))
        {
            foreach (var file in Directory.EnumerateFiles(directory, "*.jinja").Order(StringComparer.Ordinal))
            {
                var path = folder.Find($"{Additional}/{Path.GetFileName(file)}")!;
                templates.Add(new NamedTemplate(Path.GetFileNameWithoutExtension(file), path, ReadText(path)));
            }
        }

        return templates.ToImmutable();
    }

    private static NamedTemplate[] FromJson(ModelFolder folder, string name, UsableValues values) =>
        values.Read(folder.ReadJson(name)?.Optional("chat_template"), Templates) ?? [];

    private static NamedTemplate[] Templates(JsonSource stated)
    {
        if (stated.Kind == JsonValueKind.String)
            return [new NamedTemplate("default", stated.File, stated.AsString())];
        if (stated.Kind == JsonValueKind.Object)
            return [.. stated.Members().Select(member => new NamedTemplate(member.Name, stated.File, member.Value.AsString()))];
        return [.. stated.Items().Select(item =>
            new NamedTemplate(item.Required("name").AsString(), stated.File, item.Required("template").AsString()))];
    }

    /// <summary>The special tokens by their names, as templates use them; those that a model has not are undefined in its templates.</summary>
    private static ImmutableDictionary<string, JsonElement> ReadSpecialTokens(ModelFolder folder, UsableValues values)
    {
        JsonSource?[] files = [folder.ReadJson("tokenizer_config.json"), folder.ReadJson("special_tokens_map.json")];
        var tokens = ImmutableDictionary.CreateBuilder<string, JsonElement>();
        foreach (var name in SpecialTokens)
        {
            if (files.Select(file => values.Read(file?.Optional(name), Content)).FirstOrDefault(content => content is not null) is { } token)
                tokens.Add(name, JsonSerializer.SerializeToElement(token));
        }

        if (files.Select(file => values.Read(file?.Optional("additional_special_tokens"), Contents)).FirstOrDefault(list => list is not null) is { } contents)
            tokens.Add("additional_special_tokens", JsonSerializer.SerializeToElement(contents));
        return tokens.ToImmutable();
    }

    private static string Content(JsonSource token) =>
        token.Kind == JsonValueKind.Object ? token.Required("content").AsString() : token.AsString();

    private static string[] Contents(JsonSource list) => [.. list.Items().Select(Content)];

    private static string ReadText(string file)
    {
        try
        {
            if (new FileInfo(file).Length > GreatestFile)
                throw new ModelLoadException(file, "is larger than 4 MB; no chat template is.");
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException(file, $"cannot be read: {e.Message}", e);
        }
    }
}
