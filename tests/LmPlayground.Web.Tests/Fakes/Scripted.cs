using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Models;
using LmPlayground.Models.Catalog;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Tracing;

namespace LmPlayground.Web.Tests.Fakes;

/// <summary>Steps with made-up but consistent numbers.</summary>
internal static class Scripted
{
    public const int Vocabulary = 4096;

    public static TokenStep Step(int index, string text, double probability, int listed = 20, int? rank = null, string? display = null)
    {
        var id = 100 + index;
        rank ??= probability >= 0.5 ? 1 : probability > 0.2 ? 2 : 4;
        var top = Candidates(id, display ?? text, probability, rank.Value, listed);
        var kept = top.Sum(candidate => candidate.SampledProbability);
        var (low, chosen) = (0.0, top.First(candidate => candidate.Id == id));
        foreach (var candidate in top.OrderByDescending(candidate => candidate.SampledProbability).ThenBy(candidate => candidate.Id).TakeWhile(candidate => candidate.Id != id))
            low += candidate.SampledProbability;
        var listedMass = top.Sum(candidate => candidate.Probability);
        return new TokenStep
        {
            Position = 5 + index,
            Id = id,
            Text = text,
            Display = display ?? text,
            Logit = chosen.Logit,
            Probability = probability,
            SampledProbability = chosen.SampledProbability,
            Rank = rank.Value,
            Surprisal = -Math.Log2(probability),
            Entropy = 3.52,
            Stages =
            [
                new StageTrace("temperature", Vocabulary, 0, 3.52, 2.83, Vocabulary) { Changed = true },
                new StageTrace("top_k", 8, 0.048, 2.83, 2.31, 0) { Changed = true },
                new StageTrace("top_p", 8, 0, 2.31, 2.31, 0) { Inert = new InertCause(InertKind.EarlierStage, "top_k", 8) },
            ],
            Draw = new TokenDraw(id, low + chosen.SampledProbability * 0.4, low, low + chosen.SampledProbability),
            Top = top,
            Others = new OtherTokens(Vocabulary - top.Length, Math.Max(0, 1 - listedMass), Math.Max(0, 1 - kept), 0, "top_k"),
        };
    }

    public static ModelEntry Model(string id, string name, GenerationDefaults? defaults = null, bool isKnown = true) => new()
    {
        Id = id,
        Name = name,
        Summary = "A small model that tells stories.",
        Directory = "models/" + id,
        IsEmbedded = true,
        SizeInBytes = 12_400_000,
        State = ModelState.Available,
        Card = !isKnown ? null : new ModelCard
        {
            Id = id,
            Name = name,
            Architecture = "llama",
            Kind = ModelKind.ConcatCacheDecoder,
            ParameterCount = 5_500_000,
            VocabularySize = Vocabulary,
            ContextLength = 512,
            Defaults = defaults ?? new GenerationDefaults(),
            ExamplePrompts = ["Once upon a time", "The little dog was very happy because", "One day, a girl found"],
        },
    };

    private static ImmutableArray<TokenCandidate> Candidates(int chosen, string text, double probability, int rank, int listed)
    {
        string[] words = [" fresh", " bread", " flowers", " sugar", " butter", " the", " coffee", " hot", " rain", " wonderful", "\n", " a", " soup", " oil", " tea", " 花", " wood", "smoke", " dust", " sea"];
        var list = ImmutableArray.CreateBuilder<TokenCandidate>();
        var (rest, sum) = (1 - probability, 0.0);
        for (var place = 1; place <= listed; place++)
        {
            var isChosen = place == rank || (place == listed && rank > listed);
            var p = isChosen ? probability : rest * 0.38 * Math.Pow(0.62, place - 1);
            sum += p;
            var kept = place <= 8 || isChosen;
            list.Add(new TokenCandidate(
                isChosen ? chosen : 2000 + place, isChosen ? text : words[(place + chosen) % words.Length], isChosen ? rank : place,
                12 + Math.Log(p), p, kept ? p : 0, sum, kept ? null : "top_k"));
        }

        var total = list.Sum(candidate => candidate.SampledProbability);
        return [.. list.Select(candidate => candidate with { SampledProbability = candidate.SampledProbability / total })];
    }
}
