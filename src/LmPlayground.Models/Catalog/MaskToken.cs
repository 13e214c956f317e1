using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Files;

namespace LmPlayground.Models.Catalog;

/// <summary>How a model writes a hidden token.</summary>
internal static class MaskToken
{
    /// <summary>How the tokenizers of BERT's and RoBERTa's kinds write it, for models whose files do not say.</summary>
    private static readonly string[] UsualNames = ["[MASK]", "<mask>"];

    /// <summary>The token that the model's files name, else a special token of a usual name.</summary>
    /// <exception cref="ModelLoadException">Neither is there, or what they name is no token of the model.</exception>
    public static (string Text, int Id) Find(ModelFolder folder, ModelTokenizer tokenizer, int vocabularySize)
    {
        if (Stated(folder) is { } stated)
        {
            var name = TextOf(stated);
            return tokenizer.IdOf(name) is int id && id < vocabularySize ? (name, id) : throw stated.Wrong($"the mask token \"{name}\" is no token of its tokenizer.json");
        }

        foreach (var name in UsualNames)
        {
            if (tokenizer.IdOf(name) is int id && id < vocabularySize && tokenizer.IsSpecial(id))
                return (name, id);
        }

        throw new ModelLoadException(
            Path.Combine(folder.Directory, "tokenizer_config.json"),
            "names no \"mask_token\", and the tokenizer has neither [MASK] nor <mask>: a masked model cannot be asked without one. Copy the file from where the model came from.");
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
            return !isMasked ? null : Stated(folder) is { } stated ? TextOf(stated) : UsualNames[0];
        }
        catch (ModelLoadException)
        {
            // Loading it says what is wrong.
            return null;
        }
    }

    private static JsonSource? Stated(ModelFolder folder) =>
        folder.ReadJson("tokenizer_config.json")?.Optional("mask_token") ?? folder.ReadJson("special_tokens_map.json")?.Optional("mask_token");

    private static string TextOf(JsonSource stated) =>
        stated.Kind == System.Text.Json.JsonValueKind.Object ? stated.Required("content").AsString() : stated.AsString();
}
