using System.Collections.Immutable;
using System.Text.Json;
using LmPlayground.Models.Chat;
using LmPlayground.Models.Onnx.Graph;
using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Files;

namespace LmPlayground.Models.Catalog;

/// <summary>Makes a <see cref="ModelCard"/> from the files beside a graph.</summary>
internal sealed class ModelCardReader
{
    /// <summary>The files that are read here and that decide what a model computes.</summary>
    public static readonly ImmutableArray<string> ConfigurationFiles =
        ["added_tokens.json", "config.json", "genai_config.json", "generation_config.json", "lm.json", "merges.txt", "special_tokens_map.json", "tokenizer.json", "tokenizer.model", "tokenizer_config.json", "vocab.json", "vocab.txt"];

    private readonly JsonSource? _config;
    private readonly DecoderConfig? _shape;
    private readonly JsonSource? _generation;
    private readonly JsonSource? _description;
    private readonly JsonSource? _genai;
    private readonly JsonSource? _tokenizer;
    private readonly JsonSource? _specialTokens;
    private readonly JsonSource? _training;
    private readonly ChatTemplate? _chatTemplate;
    private readonly UsableValues _values = new();

    /// <summary>Reads the files.</summary>
    /// <exception cref="ModelLoadException">One of them is malformed or leads out of the folder.</exception>
    public ModelCardReader(ModelFolder folder)
    {
        _config = folder.ReadJson("config.json");
        _generation = folder.ReadJson("generation_config.json");
        _description = folder.ReadJson("lm.json");
        var genai = folder.ReadJson(GenaiConfig.FileName);
        _genai = _values.Member(genai, "model");
        _shape = _config is { } config ? DecoderConfig.Read(config) : genai is { } stated ? GenaiConfig.Read(stated).Decoder : null;
        _tokenizer = folder.ReadJson("tokenizer_config.json");
        _specialTokens = folder.ReadJson("special_tokens_map.json");
        _training = folder.ReadJson("training.json");
        _chatTemplate = ChatTemplateReader.Read(folder, _values);
    }

    /// <summary>The card without the files' hashes.</summary>
    /// <exception cref="ModelLoadException">A file says what cannot be.</exception>
    public ModelCard Read(ModelSource source, DecoderFacts facts, ModelTokenizer tokenizer) => new()
    {
        Id = source.Id,
        Name = source.Name,
        Summary = source.Index?.Summary ?? "",
        Architecture = facts.Architecture,
        Kind = facts.Kind,
        ParameterCount = facts.ParameterCount ?? _values.Read(_training?.Optional("parameters"), value => (long?)value.AsInt64()),
        VocabularySize = facts.VocabularySize,
        ContextLength = facts.ContextLength,
        Window = facts.Window,
        SourceContextLength = facts.SourceContextLength,
        License = source.ReadLicense(),
        BeginningOfSequenceId = Ids("bos_token", tokenizer, facts.VocabularySize) is [int id, ..] ? id : null,
        EndOfSequenceIds = Ids("eos_token", tokenizer, facts.VocabularySize),
        PromptPrefixIds = [.. facts.Kind == ModelKind.EncoderDecoder ? DecoderStart(tokenizer, facts.VocabularySize) : [], .. (source.Index?.Prefix ?? []).Select(token => PrefixId(source.Index!, token, tokenizer))],
        Defaults = Defaults(),
        ExamplePrompts = source.Index?.Examples ?? [],
        ChatTemplate = _chatTemplate,
        Notices = [.. Notices(facts, tokenizer).Distinct()],
    };

    private IEnumerable<string> Notices(DecoderFacts facts, ModelTokenizer tokenizer)
    {
        string[] beyond = tokenizer.VocabularySize > facts.VocabularySize ? [BeyondLogits(facts.VocabularySize, tokenizer)] : [];
        return [.. _shape?.Notices ?? [], .. facts.Notices, .. _values.Notices, .. tokenizer.Notices, .. beyond];
    }

    /// <summary>Some models are published with tokens that their weights know nothing of: placeholders of images, a padding token.</summary>
    private static string BeyondLogits(int vocabularySize, ModelTokenizer tokenizer)
    {
        int[] beyond = [.. Enumerable.Range(vocabularySize, tokenizer.VocabularySize - vocabularySize).Where(id => tokenizer.TokenOf(id) is not null)];
        var which = beyond.Length == 1 ? $"the token '{tokenizer.Describe(beyond[0])}'" : $"{beyond.Length} tokens, from '{tokenizer.Describe(beyond[0])}' on,";
        var doubt = beyond.Length > vocabularySize ? " These are most of its tokens: it may be another model's." : "";
        return $"The tokenizer knows {which} for which the model has none of its {vocabularySize} logits; a text with such a token is refused.{doubt}";
    }

    /// <summary>From the first file that says it in a way that can be used: the most particular first, ids before names.</summary>
    private ImmutableArray<int> Ids(string name, ModelTokenizer tokenizer, int vocabularySize)
    {
        foreach (var file in (JsonSource?[])[_generation, _config, _genai, _description])
        {
            if (file?.Optional($"{name}_id") is not { } stated)
                continue;
            JsonSource[] items = stated.Kind == JsonValueKind.Array ? [.. stated.Items()] : [stated];
            int?[] ids = [.. items.Select(item => _values.Read(item, value => (int?)value.AsInt32()))];
            if (ids.Length > 0 && ids.All(id => id is null))
                continue;

            // Some files write -1 for none, or an id of a larger vocabulary: such a token never comes.
            return [.. ids.OfType<int>().Where(id => id >= 0 && id < vocabularySize).Distinct()];
        }

        foreach (var file in (JsonSource?[])[_tokenizer, _specialTokens])
        {
            if (file?.Optional(name) is not { } stated)
                continue;
            if (_values.Read(stated, value => value.Kind == JsonValueKind.Object ? value.Required("content").AsString() : value.AsString()) is { } token)
                return tokenizer.IdOf(token) is int id && id < vocabularySize ? [id] : [];
        }

        return [];
    }

    /// <summary>
    /// What a decoder's sequence begins with: its start token, and the token that some models want next (the target language of mBART),
    /// which generation would be forced to take.
    /// </summary>
    private IEnumerable<int> DecoderStart(ModelTokenizer tokenizer, int vocabularySize)
    {
        var start = Stated("decoder_start_token_id") ?? (Ids("bos_token", tokenizer, vocabularySize) is [int first, ..] ? first : Stated("pad_token_id"));
        return new[] { start, Stated("forced_bos_token_id") }.OfType<int>();

        int? Stated(string name) => Usable(_generation?.Optional(name)) ?? Usable(_config?.Optional(name));

        int? Usable(JsonSource? stated) => _values.Read(stated, Id);

        int? Id(JsonSource stated)
        {
            var id = stated.AsInt32();
            return id >= 0 && id < vocabularySize ? id : throw stated.Wrong($"{id} is outside the vocabulary of {vocabularySize}");
        }
    }

    private GenerationDefaults Defaults() => new()
    {
        DoSample = _values.Read(_generation?.Optional("do_sample"), value => (bool?)value.AsBoolean()),
        Temperature = Number("temperature"),
        TopK = _values.Read(_generation?.Optional("top_k"), value => (int?)value.AsInt32()),
        TopP = Number("top_p"),
        MinP = Number("min_p"),
        RepetitionPenalty = Number("repetition_penalty"),
    };

    private double? Number(string name) => _values.Read(_generation?.Optional(name), value => (double?)value.AsDouble());

    private static int PrefixId(ModelIndexEntry index, string token, ModelTokenizer tokenizer) =>
        tokenizer.IdOf(token)
        ?? throw new ModelLoadException(index.File, $"the prefix \"{token}\" of \"{index.Folder}\" is no token of its tokenizer.json.");
}
