using LmPlayground.Models.Tokenization.Vocabularies;

namespace LmPlayground.Models.Tokenization.Reading;

/// <summary>Reads a <c>model</c> of type Unigram.</summary>
internal static class UnigramReader
{
    public static UnigramModel Read(JsonSource source)
    {
        JsonSource list = source.Required("vocab");
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var scores = new List<double>();
        foreach (JsonSource item in list.Items())
        {
            JsonSource[] pair = [.. item.Items()];
            if (pair.Length != 2)
                throw item.Wrong("a token and its score were expected");
            if (!ids.TryAdd(pair[0].AsString(), scores.Count))
                throw item.Wrong($"the token \"{pair[0].AsString()}\" is there twice");
            scores.Add(pair[1].AsDouble());
        }

        if (scores.Count == 0)
            throw list.Wrong("the vocabulary is empty");
        int? unknown = source.Optional("unk_id") is { } id ? ModelReader.Id(id) : null;
        if (unknown >= scores.Count)
            throw source.Wrong($"unk_id {unknown} is not in the vocabulary of {scores.Count}");
        return new UnigramModel(new Vocabulary(ids), [.. scores], unknown, source.Flag("byte_fallback"));
    }
}
