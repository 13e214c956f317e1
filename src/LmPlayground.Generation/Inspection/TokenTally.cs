using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Random;

namespace LmPlayground.Generation.Inspection;

/// <summary>Counts many draws from what a sampler left: the inverse CDF of <see cref="Sampling.TokenSampler"/>, from a table.</summary>
internal sealed class TokenTally
{
    private const int DrawsBetweenChecks = 4096;

    private readonly int[] _ids;
    private readonly double[] _probabilities;
    private readonly double[] _cumulative;
    private readonly int[] _counts;

    /// <summary>Takes the tokens left, in the total order: logit descending, then id ascending.</summary>
    internal TokenTally(CandidateSet candidates)
    {
        _ids = new int[candidates.Count];
        for (int id = 0, count = 0; count < _ids.Length; id++)
        {
            if (candidates.Contains(id))
                _ids[count++] = id;
        }

        // The ids ascend, and a stable order by logit keeps them so among equals.
        _ids = [.. _ids.OrderByDescending(candidates.Logit)];
        _probabilities = Array.ConvertAll(_ids, candidates.Probability);
        _cumulative = new double[_ids.Length];
        var sum = 0.0;
        for (var i = 0; i < _ids.Length; i++)
            _cumulative[i] = sum += _probabilities[i];
        _counts = new int[_ids.Length];
    }

    /// <summary>Draws with a random number of each place's own.</summary>
    internal void Draw(int draws, ulong seed, int position, CancellationToken cancellationToken)
    {
        for (var draw = 0; draw < draws; draw++)
        {
            if (draw % DrawsBetweenChecks == 0)
                cancellationToken.ThrowIfCancellationRequested();
            _counts[IndexAt(Philox4x32.Uniform(seed, (ulong)position, RandomPurpose.EmpiricalCheck, (uint)draw))]++;
        }
    }

    /// <summary>The token at a cumulative probability.</summary>
    internal int IdAt(double u) => _ids[IndexAt(u)];

    /// <summary>Lays the counts over the probabilities.</summary>
    internal EmpiricalCheck Compare(int draws, Func<int, string> display)
    {
        // Probabilities descend, so those that are expected often enough come first.
        var listed = 0;
        while (listed < _ids.Length && _probabilities[listed] * draws >= ChiSquareTest.LeastExpectation)
            listed++;
        var rest = _probabilities.AsSpan(listed);
        var restProbability = 0.0;
        foreach (var probability in rest)
            restProbability += probability;
        return new EmpiricalCheck
        {
            Draws = draws,
            Cells = [.. Enumerable.Range(0, listed).Select(i => new EmpiricalCell(
                _ids[i], display(_ids[i]), _probabilities[i], _probabilities[i] * draws, _counts[i]))],
            Rest = new EmpiricalRest(rest.Length, restProbability, restProbability * draws, _counts.Skip(listed).Sum()),
            Test = ChiSquareTest.Of(_counts, _probabilities),
        };
    }

    /// <summary>The first whose cumulative probability is greater; rounding may leave the last one's below 1.</summary>
    private int IndexAt(double u)
    {
        int low = 0, high = _cumulative.Length - 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_cumulative[middle] > u)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}
