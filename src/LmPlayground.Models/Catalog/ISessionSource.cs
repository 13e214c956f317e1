namespace LmPlayground.Models.Catalog;

/// <summary>What a kind of model brings to the catalogue: weights in memory, and sequences that run in them.</summary>
/// <remarks>Thread-safe: sessions may be started and run at the same time. Disposed after its last session.</remarks>
internal interface ISessionSource : IDisposable
{
    /// <summary>What the weights say of themselves.</summary>
    DecoderFacts Facts { get; }

    /// <summary>The files that hold the weights, as paths inside the folder.</summary>
    IReadOnlyList<string> Files { get; }

    /// <summary>Whether a token's logits depend, beyond rounding, on which tokens are read in the same call.</summary>
    bool DependsOnBatch { get; }

    /// <summary>Starts an empty sequence. The caller disposes it.</summary>
    IDecoderSession StartSession();

    /// <summary>As <see cref="IBatchingModel.BatchesKeepBits"/>.</summary>
    bool BatchesKeepBits => true;

    /// <summary>As <see cref="IBatchingModel.StartBatch"/>: one row after the other, where a kind of model has no better way.</summary>
    IDecoderBatch StartBatch(IReadOnlyList<IDecoderSession> sessions) => new SessionBatch(sessions);
}
