namespace LmPlayground.Sampling.Candidates;

// Stages that move logits, and those that ban single tokens.
public sealed partial class CandidateSet
{
    /// <summary>
    /// The most that logits are sharpened: any float32 times it is a finite double, so that no infinity less another one makes a NaN; and e to
    /// the least difference of two float32 times it is still 0, so that a smaller temperature would change nothing.
    /// </summary>
    private const double GreatestScale = double.MaxValue / 4 / float.MaxValue;

    /// <summary>Divides every logit by a temperature above 0.</summary>
    public void Divide(double temperature)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);

        _scale = Math.Min(_scale / temperature, GreatestScale);
        Moved = Count;
        Forget();
    }

    /// <summary>Gives a token another logit, rounded once to float32; what float32 cannot hold becomes its greatest or least value.</summary>
    /// <remarks>Does nothing for a token that is not left.</remarks>
    public void Move(int id, double logit)
    {
        if (!Contains(id))
            return;
        Flush();
        var position = PositionOf(id);
        var old = _values[position];
        var moved = ToFinite(logit);
        if (moved == old)
            return;
        Moved++;
        Replace(position, moved);
    }

    /// <summary>Adds to a token's logit, as <see cref="Move"/> does.</summary>
    public void Shift(int id, double by) => Move(id, Logit(id) + by);

    /// <summary>Bans one token.</summary>
    /// <remarks>Does nothing for a token that is not left.</remarks>
    /// <exception cref="InvalidLogitsException">It is the only one left.</exception>
    public void Remove(int id)
    {
        if (!Contains(id))
            return;
        if (Count == 1)
            throw new InvalidLogitsException(_stageName, "it bans every token that was left");
        Replace(PositionOf(id), float.NegativeInfinity);
        _removedBy[id] = (byte)_stage;
        Count--;
    }

    /// <summary>Bans every token but these.</summary>
    /// <param name="ids">The tokens that stay, in ascending order.</param>
    /// <exception cref="InvalidLogitsException">None of them is left.</exception>
    public void KeepOnly(ReadOnlySpan<int> ids)
    {
        var kept = 0;
        foreach (var id in ids)
            kept += Contains(id) ? 1 : 0;
        if (kept == 0)
            throw new InvalidLogitsException(_stageName, "it bans every token that was left");
        if (kept == Count)
            return;

        var next = 0;
        for (var position = 0; position < _length; position++)
        {
            var id = IdAt(position);
            while (next < ids.Length && ids[next] < id)
                next++;
            if (_removedBy[id] == Kept && (next == ids.Length || ids[next] != id))
            {
                _values[position] = float.NegativeInfinity;
                _removedBy[id] = (byte)_stage;
            }
        }

        Count = kept;
        ForgetAll();
    }

    /// <summary>Writes the pending division into the logits, each rounded once to float32.</summary>
    private void Flush()
    {
        if (_scale == 1)
            return;
        foreach (ref var value in _values.AsSpan(0, _length))
        {
            if (value > float.NegativeInfinity)
                value = ToFinite(value * _scale);
        }

        _scale = 1;
        ForgetAll();
    }

    /// <summary>Changes one value and keeps what is known of all of them right.</summary>
    private void Replace(int position, float now)
    {
        var old = _values[position];
        _values[position] = now;
        _ledger.Note(old, now);
        if (!_isCompact)
            _blocks.Follow(Values, position, old);
        ForgetDecisive();
        if (_maxIsStale)
            return;
        if (now >= _max)
            _max = now;
        else if (old == _max)
            _maxIsStale = true;
    }

    private void ForgetAll()
    {
        _maxIsStale = true;
        _blocks.Invalidate();
        Forget();
    }

    private static float ToFinite(double logit) => Math.Clamp((float)logit, -float.MaxValue, float.MaxValue);
}
