using LmPlayground.Tokenizers.Files;
using LmPlayground.Tokenizers.Vocabularies;

namespace LmPlayground.Tokenizers.Reading;

/// <summary>Reads a <c>model</c> of type Unigram.</summary>
internal static class UnigramReader
{
    public static UnigramModel Read(JsonSource source)
    {
        var list = source.Required("vocab");
        var tokens = new List<string>();
        var scores = new List<double>();
        foreach (var item in list.Items())
        {
            JsonSource[] pair = [.. item.Items()];
            if (pair.Length != 2)
                throw item.Wrong("a token and its score were expected");

            tokens.Add(pair[0].AsString());
            scores.Add(pair[1].AsDouble());
        }

        if (scores.Count == 0)
            throw list.Wrong("the vocabulary is empty");
        int? unknown = source.Optional("unk_id") is { } id ? ModelReader.Id(id) : null;
        if (unknown >= scores.Count)
            throw source.Wrong($"unk_id {unknown} is not in the vocabulary of {scores.Count}");
        return new UnigramModel(new Vocabulary(tokens), [.. scores], unknown, source.Flag("byte_fallback"));
    }
}
