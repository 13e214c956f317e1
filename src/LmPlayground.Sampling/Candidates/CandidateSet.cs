using LmPlayground.Sampling.Numerics;

namespace LmPlayground.Sampling.Candidates;

/// <summary>
/// The tokens that are left while a chain runs, with their logits: what stages work on, in place.
/// </summary>
/// <remarks>
/// <para>The tokens have one total order: logit descending, then id ascending. Probabilities are the softmax over the tokens left,
/// computed in double from logits that are held in float32, as models give them. A division of all logits is carried along as one
/// factor in double, so it neither costs a pass nor rounds; a stage that moves single logits rounds each once to float32, as
/// transformers' tensors do.</para>
/// <para>The same logits and stages give the same bits on every machine: all arithmetic that decides is IEEE addition, multiplication,
/// division and comparison in a fixed order (sixteen lanes, whatever the vectors of the machine hold; .NET never fuses a multiplication
/// and an addition by itself), on one thread, and exp and log are <see cref="Exponential"/>'s own.</para>
/// <para>All buffers are kept from token to token: after the first token of a vocabulary nothing is allocated. Not thread-safe.</para>
/// </remarks>
public sealed partial class CandidateSet
{
    private const byte Kept = 0;
    private const byte NeverThere = byte.MaxValue;

    private float[] _values = [];
    private int[] _ids = [];
    private byte[] _removedBy = [];

    // Entries 0.._length of _values are candidates in ascending order of id; -infinity marks one that was removed in place.
    private int _length;
    private bool _isCompact;
    private double _scale;
    private int _stage;
    private string _stageName = "";

    /// <summary>An empty set: load logits into it.</summary>
    public CandidateSet() => _sampledSearch = new SampledSearch(_massSearch);

    /// <summary>How many tokens the vocabulary has.</summary>
    public int VocabularySize { get; private set; }

    /// <summary>How many tokens are left: at least 1.</summary>
    public int Count { get; private set; }

    /// <summary>How many logits the running stage has moved.</summary>
    public int Moved { get; private set; }

    private ReadOnlySpan<float> Values => _values.AsSpan(0, _length);

    /// <summary>Takes a model's logits, indexed by token id; a logit of -infinity is a token that cannot be drawn.</summary>
    /// <exception cref="InvalidLogitsException">NaN, +infinity, or no finite logit.</exception>
    public void Load(ReadOnlySpan<float> logits)
    {
        Reserve(logits.Length);
        VocabularySize = logits.Length;
        _length = logits.Length;
        _isCompact = false;
        _maxIsStale = true;
        _scale = 1;
        _stage = 0;
        _removedBy.AsSpan(0, logits.Length).Clear();
        Count = logits.Length;
        Moved = 0;
        Forget();

        // Logits are finite nearly always: only others cost a second look.
        if (_blocks.Copy(logits, _values) || logits.IsEmpty)
            RuleOut(logits);
    }

    /// <summary>Names the stage whose removals and moves follow.</summary>
    /// <param name="number">Its place in the chain, from 1 to 254.</param>
    /// <param name="name">Its name, for errors.</param>
    internal void BeginStage(int number, string name)
    {
        _stage = number;
        _stageName = name;
        Moved = 0;
    }

    /// <summary>The number of the stage that removed a token; 0 for one that is left or never was there.</summary>
    internal int RemovedBy(int id) => _removedBy[id] == NeverThere ? 0 : _removedBy[id];

    /// <summary>Whether a token is left. Ids outside the vocabulary never are.</summary>
    public bool Contains(int id) => (uint)id < (uint)VocabularySize && _removedBy[id] == Kept;

    /// <summary>A token's logit after the stages so far; -infinity for one that is not left.</summary>
    public double Logit(int id) => PositionOf(id) is >= 0 and var position ? _values[position] * _scale : double.NegativeInfinity;

    /// <summary>A token's probability among the tokens left; 0 for one that is not left.</summary>
    public double Probability(int id) =>
        PositionOf(id) is >= 0 and var position ? Softmax.Weight(_values[position], Max, _scale) / Z : 0;

    /// <summary>The probabilities of several tokens, each as <see cref="Probability"/> gives it, in a fraction of the time.</summary>
    /// <param name="ids">The tokens.</param>
    /// <param name="probabilities">Where they are written: as many as there are ids.</param>
    public void Probabilities(ReadOnlySpan<int> ids, Span<double> probabilities)
    {
        probabilities = probabilities[..ids.Length];
        var found = 0;
        for (var i = 0; i < ids.Length; i++)
        {
            var position = PositionOf(ids[i]);
            found += position >= 0 ? 1 : 0;
            probabilities[i] = position >= 0 ? ((double)_values[position] - Max) * _scale : double.NegativeInfinity;
        }

        Exponential.Exp(probabilities);
        if (found == 0)
            return;
        var z = Z;
        foreach (ref var probability in probabilities)
            probability /= z;
    }

    /// <summary>The token on which the cumulative probability <paramref name="u"/> falls: the first whose cumulative probability is greater.</summary>
    /// <param name="u">In [0, 1).</param>
    public TokenDraw Draw(double u)
    {
        var (point, weight, z) = Cross(u, strictly: true);
        return new TokenDraw(IdAt(point.Position), u, point.Before / z, Math.Min(1, (point.Before + weight) / z));
    }

    /// <summary>Takes out the tokens that the model ruled out.</summary>
    private void RuleOut(ReadOnlySpan<float> logits)
    {
        _blocks.Invalidate();
        var check = LogitsCheck.Of(logits);
        check.ThrowIfInvalid(InvalidLogitsException.ModelStage);
        Count = logits.Length - check.Impossible;
        for (var id = 0; id < logits.Length; id++)
        {
            if (float.IsNegativeInfinity(logits[id]))
                _removedBy[id] = NeverThere;
        }
    }

    private int IdAt(int position) => _isCompact ? _ids[position] : position;

    private int PositionOf(int id)
    {
        if (!Contains(id))
            return -1;
        return _isCompact ? _ids.AsSpan(0, _length).BinarySearch(id) : id;
    }

    private void Reserve(int size)
    {
        if (size <= _values.Length)
            return;
        _values = new float[size];
        _ids = new int[size];
        _removedBy = new byte[size];
    }
}
