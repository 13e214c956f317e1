using LmPlayground.Tokenizers.Files;
using LmPlayground.Tokenizers.PostProcessors;

namespace LmPlayground.Tokenizers.Reading;

/// <summary>Reads <c>post_processor</c>.</summary>
internal static class PostProcessorReader
{
    public static PostProcessor Read(JsonSource source) => source.Type() switch
    {
        "Sequence" => new PostProcessorSequence([.. source.Required("processors").Items().Select(Read)]),
        "ByteLevel" => Trimmer(source, template: null),
        "TemplateProcessing" => Template(source),
        "RobertaProcessing" => Trimmer(source, new TemplatePostProcessor([NamedId(source, "cls")], [NamedId(source, "sep")])),
        "BertProcessing" => new TemplatePostProcessor([NamedId(source, "cls")], [NamedId(source, "sep")]),
        string type => throw source.Wrong($"post-processor type {type} is not supported yet"),
    };

    private static PostProcessorSequence Trimmer(JsonSource source, TemplatePostProcessor? template)
    {
        var steps = new List<PostProcessor>();
        if (source.Flag("trim_offsets", true))
            steps.Add(new ByteLevelOffsetTrimmer(source.Flag("add_prefix_space", true)));
        if (template is not null)
            steps.Add(template);
        return new PostProcessorSequence(steps);
    }

    private static TemplatePostProcessor Template(JsonSource source)
    {
        var ids = new Dictionary<string, int[]>(StringComparer.Ordinal);
        foreach (var (name, token) in source.Optional("special_tokens")?.Members() ?? [])
            ids[name] = [.. token.Required("ids").Items().Select(ModelReader.Id)];

        var before = new List<int>();
        var after = new List<int>();
        var seen = false;
        foreach (var part in source.Required("single").Items())
        {
            if (part.Optional("SpecialToken") is { } special)
            {
                var name = special.Required("id").AsString();
                (seen ? after : before).AddRange(
                    ids.TryGetValue(name, out var found) ? found : throw special.Wrong($"\"{name}\" is not among special_tokens"));
            }
            else if (part.Optional("Sequence") is not null && !seen)
            {
                seen = true;
            }
            else
            {
                throw part.Wrong("a SpecialToken, or one Sequence, was expected");
            }
        }

        return seen ? new TemplatePostProcessor(before, after) : throw source.Wrong("the template \"single\" has no Sequence");
    }

    private static int NamedId(JsonSource source, string name)
    {
        var pair = source.Required(name);
        JsonSource[] items = [.. pair.Items()];
        return items.Length == 2 ? ModelReader.Id(items[1]) : throw pair.Wrong("a token and its id were expected");
    }
}
