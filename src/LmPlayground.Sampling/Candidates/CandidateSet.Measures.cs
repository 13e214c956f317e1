using LmPlayground.Sampling.Numerics;

namespace LmPlayground.Sampling.Candidates;

// What is measured of the tokens left: each number once, until something moves.
public sealed partial class CandidateSet
{
    /// <summary>Up to this many tokens nothing is gained by blocks and samples.</summary>
    private const int Small = 4096;

    /// <summary>Up to this many tokens what is shown is measured as exactly as what decides: it costs little.</summary>
    private const int ExactlyShown = 8192;

    private readonly BlockMaxima _blocks = new();
    private readonly MassSearch _massSearch = new();
    private readonly SumLedger _ledger = new();
    private readonly SampleBracket _bracket = new();
    private readonly SampledSearch _sampledSearch;
    private double[] _weights = [];
    private float _max;
    private bool _maxIsStale;
    private bool _hasWeights;
    private bool _hasSums;
    private double _z;
    private double _weightedSum;

    /// <summary>Bits in a nat: 1 / ln 2.</summary>
    internal const double BitsPerNat = 1.4426950408889634;

    /// <summary>Entropy of the tokens left, in bits; of more than 8,192 tokens right to about 1e-8, else to the last places of a double.</summary>
    public double Entropy
    {
        get
        {
            var (_, z, weightedSum) = Shown;
            return Math.Max(0, Exponential.Log(z) - weightedSum / z) * BitsPerNat;
        }
    }

    /// <summary>Entropy of the tokens left, in nats, for stages that decide by it.</summary>
    internal double EntropyInNats
    {
        get
        {
            MeasureSums();
            return Math.Max(0, Exponential.Log(_z) - _weightedSum / _z);
        }
    }

    /// <summary>ln of the sum of e^logit over the tokens left, as right as <see cref="Entropy"/>.</summary>
    internal double LogSum => Mass.Max * _scale + Exponential.Log(Mass.Z);

    /// <summary>What <see cref="RemovedSince"/> compares with.</summary>
    internal (float Max, double Z) Mass => (Shown.Max, Shown.Z);

    /// <summary>The share of the probability that was removed since <see cref="Mass"/> was taken, if no logit was moved since.</summary>
    internal double RemovedSince((float Max, double Z) before)
    {
        var (max, z) = Mass;
        return Math.Clamp(1 - z / before.Z * Exponential.Exp(((double)max - before.Max) * _scale), 0, 1);
    }

    /// <summary>The greatest logit left, before the pending division.</summary>
    private float Max
    {
        get
        {
            if (_maxIsStale)
                _max = _isCompact ? LogitsCheck.Of(Values).Max : LogitsCheck.Of(Blocks.Values).Max;
            _maxIsStale = false;
            return _max;
        }
    }

    private BlockMaxima Blocks
    {
        get
        {
            _blocks.Measure(Values);
            return _blocks;
        }
    }

    /// <summary>The sum of the tokens' weights; a weight is e^(logit - greatest logit).</summary>
    private double Z
    {
        get
        {
            if (!_hasWeights)
                MeasureSums();
            return _z;
        }
    }

    /// <summary>The sums for what is shown, with the greatest logit that they are relative to.</summary>
    private (float Max, double Z, double WeightedSum) Shown
    {
        get
        {
            if (_hasSums)
                return (Max, _z, _weightedSum);
            if (!_ledger.TryBalance(_scale))
                _ledger.Open(SumsToShow(), Max, _scale);
            return (_ledger.Max, _ledger.Z, _ledger.WeightedSum);
        }
    }

    private (double Z, double WeightedSum) SumsToShow()
    {
        if (!_isCompact && _length > ExactlyShown)
            return FastSoftmax.Sums(Values, Blocks, Max, _scale);
        MeasureSums();
        return (_z, _weightedSum);
    }

    /// <summary>Where a share of the whole mass falls, with the weight of that token and the sum of all.</summary>
    private (MassPoint Point, double Weight, double Z) Cross(double share, bool strictly)
    {
        if (_isCompact || _length <= Small)
        {
            var weights = MeasureWeights();
            var point = _massSearch.Find(Values, weights, share * Z, strictly);
            return (point, weights[point.Position], Z);
        }

        var found = CrossLarge(share, strictly);
        return (found, _sampledSearch.Weight, _sampledSearch.Z);
    }

    /// <summary>Where a share of the whole mass falls among very many tokens.</summary>
    private MassPoint CrossLarge(double share, bool strictly)
    {
        var bracket = _bracket.Estimate(Values, Blocks, Max, _scale, share);
        return _sampledSearch.Find(Values, bracket, Max, _scale, share, strictly);
    }

    private void MeasureSums()
    {
        if (_hasSums)
            return;
        (_z, _weightedSum) = Softmax.Sums(Values, Max, _scale);
        _hasSums = true;
    }

    private ReadOnlySpan<double> MeasureWeights()
    {
        if (_weights.Length < _length)
            _weights = new double[_values.Length];
        if (!_hasWeights)
            _z = Softmax.Weights(Values, Max, _scale, _weights);
        _hasWeights = true;
        return _weights.AsSpan(0, _length);
    }

    /// <summary>Forgets all that was measured.</summary>
    private void Forget()
    {
        ForgetDecisive();
        _ledger.Close();
    }

    private void ForgetDecisive()
    {
        _hasWeights = false;
        _hasSums = false;
    }
}
