namespace LmPlayground.Models;

/// <summary>Weights in memory, of whatever kind of model.</summary>
/// <remarks>Thread-safe. Disposed after its last run.</remarks>
internal interface IModelWeights : IDisposable
{
    /// <summary>What the weights say of themselves.</summary>
    DecoderFacts Facts { get; }

    /// <summary>The files that hold the weights, as paths inside the folder.</summary>
    IReadOnlyList<string> Files { get; }

    /// <summary>Whether a token's logits depend, beyond rounding, on which tokens are read in the same call.</summary>
    bool DependsOnBatch { get; }
}
