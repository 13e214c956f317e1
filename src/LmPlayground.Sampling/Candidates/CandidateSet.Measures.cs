using LmPlayground.Sampling.Numerics;

namespace LmPlayground.Sampling.Candidates;

// What is measured of the tokens left: each number once, until something moves.
public sealed partial class CandidateSet
{
    private readonly MassSearch _massSearch = new();
    private double[] _weights = [];
    private float _max;
    private bool _maxIsStale;
    private bool _hasWeights;
    private bool _hasSums;
    private double _z;
    private double _weightedSum;

    /// <summary>Bits in a nat: 1 / ln 2.</summary>
    internal const double BitsPerNat = 1.4426950408889634;

    /// <summary>Entropy of the tokens left, in bits.</summary>
    public double Entropy => EntropyInNats * BitsPerNat;

    /// <summary>Entropy of the tokens left, in nats.</summary>
    internal double EntropyInNats
    {
        get
        {
            MeasureSums();
            return Math.Max(0, Exponential.Log(_z) - _weightedSum / _z);
        }
    }

    /// <summary>ln of the sum of e^logit over the tokens left.</summary>
    internal double LogSum => Max * _scale + Exponential.Log(Z);

    /// <summary>What <see cref="RemovedSince"/> compares with.</summary>
    internal (float Max, double Z) Mass => (Max, Z);

    /// <summary>The share of the probability that was removed since <see cref="Mass"/> was taken, if no logit was moved since.</summary>
    internal double RemovedSince((float Max, double Z) before) =>
        Math.Clamp(1 - Z / before.Z * Exponential.Exp(((double)Max - before.Max) * _scale), 0, 1);

    /// <summary>The greatest logit left, before the pending division.</summary>
    private float Max
    {
        get
        {
            if (_maxIsStale)
                _max = LogitsCheck.Of(Values).Max;
            _maxIsStale = false;
            return _max;
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

    private void Forget()
    {
        _hasWeights = false;
        _hasSums = false;
    }
}
