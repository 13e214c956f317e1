using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using LmPlayground.Models;
using LmPlayground.Sharing.Document;

namespace LmPlayground.Sharing.Making;

/// <summary>The models of a demo, and the tokens of each that it names.</summary>
internal sealed class ModelTable
{
    private static readonly string[] WeightsEndings = [".onnx", ".ngram"];
    private static readonly string[] TokenizerFiles =
        ["added_tokens.json", "merges.txt", "special_tokens_map.json", "tokenizer.json", "tokenizer.model", "tokenizer_config.json", "vocab.json", "vocab.txt"];

    private readonly List<(ModelCard Card, SortedDictionary<int, string> Tokens)> _models = [];
    private readonly Dictionary<(int Model, int Id), int> _places = [];

    /// <summary>The place of a model, which is listed once.</summary>
    internal int Add(ModelCard card)
    {
        var place = _models.FindIndex(known => known.Card.Id == card.Id && known.Card.ContentHash == card.ContentHash);
        if (place >= 0)
            return place;
        _models.Add((card, []));
        return _models.Count - 1;
    }

    /// <summary>Names a token.</summary>
    internal void Name(int model, int id, string text) => _models[model].Tokens.TryAdd(id, Short(text));

    /// <summary>The models, when all their tokens are named.</summary>
    internal ImmutableArray<DemoModel> Build()
    {
        for (var model = 0; model < _models.Count; model++)
        {
            foreach (var id in _models[model].Tokens.Keys)
                _places[(model, id)] = _places.Count - _models.Take(model).Sum(earlier => earlier.Tokens.Count);
        }

        return [.. _models.Select(model => Describe(model.Card, model.Tokens))];
    }

    /// <summary>The place of a token in its model's list, once that is built.</summary>
    internal int PlaceOf(int model, int id) => _places[(model, id)];

    /// <summary>A model as documents describe it, without tokens.</summary>
    internal static DemoModel Describe(ModelCard card) => Describe(card, []);

    private static DemoModel Describe(ModelCard card, SortedDictionary<int, string> tokens)
    {
        var weights = card.Files.FirstOrDefault(file => WeightsEndings.Any(ending => file.Name.EndsWith(ending, StringComparison.Ordinal)))?.Name ?? "";
        return new DemoModel
        {
            Id = Short(card.Id),
            Name = Short(card.Name),
            Architecture = card.Architecture,
            WeightsFile = weights,
            Variant = VariantOf(weights),
            ContentHash = card.ContentHash,
            TokenizerHash = HashOf([.. card.Files.Where(file => TokenizerFiles.Contains(file.Name))]),
            VocabularySize = card.VocabularySize,
            ContextLength = card.ContextLength,
            ReproductionCaveat = card.ReproductionCaveat,
            TokenIds = [.. tokens.Keys],
            TokenTexts = [.. tokens.Values],
        };
    }

    /// <summary>The variant that a file's name says: "q4" of "onnx/model_q4.onnx".</summary>
    private static string? VariantOf(string file) =>
        Path.GetFileNameWithoutExtension(file).Split('_', 2) is [_, var variant] ? variant : null;

    private static string HashOf(ImmutableArray<ModelFile> files) => files.IsEmpty
        ? ""
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(files.Select(file => $"{file.Sha256}  {file.Name}\n")))));

    private static string Short(string text) => text.Length <= DemoLimits.Text ? text : text[..DemoLimits.Text];
}
