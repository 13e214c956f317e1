using LmPlayground.Generation.Search;

namespace LmPlayground.Generation.Tests.Support;

/// <summary>
/// A slow second beam search that keeps to the tensors of transformers 4.57: float32 sums, rows for beams that do not exist at -1e9, masks of
/// -1e9 instead of branches. It shares nothing with the product's.
/// </summary>
public static class TensorBeamSearch
{
    private const float Nothing = -1e9f;

    /// <summary>The finished sequences, best first, and how many steps it took. Token 0 is the end.</summary>
    public static (List<(int[] Ids, float Score)> Sequences, int Steps) Run(FakeModel model, BeamSearchOptions options, int maxNewTokens)
    {
        var beams = options.NumBeams;
        var vocabulary = TinyModels.Tokens;
        var candidates = 2 * beams;
        var running = Enumerable.Range(0, beams).Select(beam => (Ids: Array.Empty<int>(), Score: beam == 0 ? 0 : Nothing)).ToArray();
        var final = Enumerable.Range(0, beams).Select(_ => (Ids: Array.Empty<int>(), Score: Nothing, IsFinished: false)).ToArray();
        var improvable = true;
        for (var length = 1; ; length++)
        {
            var all = running
                .SelectMany(beam => LogSoftmax(model, beam.Ids).Select((log, id) => (Ids: (int[])[.. beam.Ids, id], Score: log + beam.Score)))
                .OrderByDescending(next => next.Score)
                .Take(candidates)
                .ToArray();
            var hits = all.Select(next => next.Ids[^1] == 0 || length == maxNewTokens).ToArray();

            running = [.. all.Select((next, i) => (next.Ids, Score: next.Score + (hits[i] ? Nothing : 0))).OrderByDescending(next => next.Score).Take(beams)];

            var isFull = final.All(one => one.IsFinished) && options.EarlyStopping == EarlyStopping.WhenFull;
            var penalised = all.Select((next, i) =>
            {
                var justFinished = hits[i] && i < beams;
                var score = next.Score / MathF.Pow(length, (float)options.LengthPenalty);
                score += (isFull ? Nothing : 0) + (improvable ? 0 : Nothing) + (justFinished ? 0 : Nothing);
                return (next.Ids, Score: score, IsFinished: justFinished);
            });
            final = [.. final.Concat(penalised).OrderByDescending(one => one.Score).Take(beams)];

            var bestLength = options.EarlyStopping == EarlyStopping.Never && options.LengthPenalty > 0 ? maxNewTokens : length;
            var bestPossible = running[0].Score / MathF.Pow(bestLength, (float)options.LengthPenalty);
            var worst = final.Min(one => one.Score);
            improvable &= final.Any(one => bestPossible > (one.IsFinished ? worst : Nothing));
            var isOpen = !(final.All(one => one.IsFinished) && options.EarlyStopping == EarlyStopping.WhenFull);
            if (!improvable || !isOpen || hits.All(hit => hit))
                return ([.. final.Where(one => one.IsFinished).Select(one => (one.Ids, one.Score))], length);
        }

        float[] LogSoftmax(FakeModel of, int[] ids)
        {
            var logits = of.Script!([1, 2, .. ids])![..vocabulary];
            var sum = Math.Log(logits.Sum(logit => Math.Exp(logit)));
            return [.. logits.Select(logit => (float)(logit - sum))];
        }
    }
}
