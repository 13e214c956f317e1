using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Files;

namespace LmPlayground.Models.Catalog;

/// <summary>How a model writes a hidden token.</summary>
internal static class MaskToken
{
    /// <summary>How the tokenizers of BERT's and RoBERTa's kinds write it, for models whose files do not say.</summary>
    private static readonly string[] UsualNames = ["[MASK]", "<mask>"];

    /// <summary>Where it is stated, the first that says it first.</summary>
    private static readonly string[] Files = ["tokenizer_config.json", "special_tokens_map.json"];

    /// <summary>The first token that the model's files name and that is one, else a special token of a usual name.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="vocabularySize">How many logits the model gives.</param>
    /// <param name="values">Takes note of a name that is of no use.</param>
    /// <exception cref="ModelLoadException">Neither is there.</exception>
    public static (string Text, int Id) Find(ModelFolder folder, ModelTokenizer tokenizer, int vocabularySize, UsableValues values)
    {
        foreach (var stated in Stated(folder))
        {
            if (values.Read(stated, value => ((string Text, int Id)?)Token(value)) is { } found)
                return found;
        }

        foreach (var name in UsualNames)
        {
            if (tokenizer.IdOf(name) is int id && id < vocabularySize && tokenizer.IsSpecial(id))
                return (name, id);
        }

        throw new ModelLoadException(
            Path.Combine(folder.Directory, "tokenizer_config.json"),
            "names no \"mask_token\" that the tokenizer has and the model a logit for, and there is neither [MASK] nor <mask>: a masked model cannot be asked without one.");

        (string Text, int Id) Token(JsonSource stated)
        {
            var name = TextOf(stated);
            return tokenizer.IdOf(name) is int id && id < vocabularySize ? (name, id) : throw stated.Wrong($"the mask token \"{name}\" is no token of its tokenizer.json");
        }
    }

    /// <summary>
    /// The same before the model is loaded, from small files alone: null for a model that is not masked or whose files cannot be read.
    /// </summary>
    public static string? Peek(string directory)
    {
        try
        {
            var folder = new ModelFolder(directory);
            var isMasked = folder.ReadJson("config.json")?.Optional("architectures")?.Items().FirstOrDefault() is { Kind: System.Text.Json.JsonValueKind.String } name
                && name.AsString().EndsWith("ForMaskedLM", StringComparison.Ordinal);
            return !isMasked ? null : Stated(folder).FirstOrDefault() is { } stated ? TextOf(stated) : UsualNames[0];
        }
        catch (ModelLoadException)
        {
            // Loading it says what is wrong.
            return null;
        }
    }

    private static IEnumerable<JsonSource?> Stated(ModelFolder folder) =>
        Files.Select(name => folder.ReadJson(name)?.Optional("mask_token")).Where(stated => stated is not null);

    private static string TextOf(JsonSource stated) =>
        stated.Kind == System.Text.Json.JsonValueKind.Object ? stated.Required("content").AsString() : stated.AsString();
}
