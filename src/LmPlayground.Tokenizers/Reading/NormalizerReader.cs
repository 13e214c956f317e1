using System.Text;
using LmPlayground.Tokenizers.Files;
using LmPlayground.Tokenizers.Normalizers;

namespace LmPlayground.Tokenizers.Reading;

/// <summary>Reads <c>normalizer</c>.</summary>
internal static class NormalizerReader
{
    public static TextNormalizer Read(JsonSource source) => source.Type() switch
    {
        "Sequence" => new NormalizerSequence([.. source.Required("normalizers").Items().Select(Read)]),
        "NFC" => new UnicodeNormalizer(NormalizationForm.FormC),
        "NFD" => new UnicodeNormalizer(NormalizationForm.FormD),
        "NFKC" => new UnicodeNormalizer(NormalizationForm.FormKC),
        "NFKD" => new UnicodeNormalizer(NormalizationForm.FormKD),
        "Lowercase" => new LowercaseNormalizer(),
        "Strip" => new StripNormalizer(source.Flag("strip_left", true), source.Flag("strip_right", true)),
        "StripAccents" => new StripAccentsNormalizer(),
        "Prepend" => new PrependNormalizer(source.Required("prepend").AsString()),
        "Replace" => new ReplaceNormalizer(PatternReader.Read(source.Required("pattern")), source.Required("content").AsString()),
        "ByteLevel" => new ByteLevelNormalizer(),
        "Precompiled" => ReadPrecompiled(source.Required("precompiled_charsmap")),
        "Nmt" => new NmtNormalizer(),
        "BertNormalizer" => new BertNormalizer(
            source.Flag("clean_text", true),
            source.Flag("handle_chinese_chars", true),
            source.Flag("strip_accents", source.Flag("lowercase", true)),
            source.Flag("lowercase", true)),
        string type => throw source.Wrong($"normalizer type {type} is not supported"),
    };

    private static PrecompiledNormalizer ReadPrecompiled(JsonSource source)
    {
        try
        {
            return new PrecompiledNormalizer(Convert.FromBase64String(source.AsString()));
        }
        catch (FormatException e)
        {
            throw source.Wrong($"this is no map of SentencePiece in base64: {e.Message}");
        }
    }
}
