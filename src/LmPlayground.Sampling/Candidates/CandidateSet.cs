namespace LmPlayground.Sampling.Candidates;

/// <summary>stub</summary>
public sealed class CandidateSet
{
    /// <summary>stub</summary>
    public void KeepBest() => throw new NotSupportedException();
    /// <summary>stub</summary>
    public void Divide(double temperature) => throw new NotSupportedException();
    /// <summary>stub</summary>
    public void KeepTop(int k) => throw new NotSupportedException();
    /// <summary>stub</summary>
    public void KeepNucleus(double p) => throw new NotSupportedException();
}
