namespace LmPlayground.Models;

/// <summary>What a kind of model that continues texts brings to the catalogue: weights in memory, and sequences that run in them.</summary>
/// <remarks>Thread-safe: sessions may be started and run at the same time. Disposed after its last session.</remarks>
internal interface ISessionSource : IModelWeights
{
    /// <summary>Starts an empty sequence. The caller disposes it.</summary>
    IDecoderSession StartSession();

    /// <summary>As <see cref="IBatchingModel.BatchesKeepBits"/>.</summary>
    bool BatchesKeepBits => true;

    /// <summary>As <see cref="IBatchingModel.StartBatch"/>: one row after the other, where a kind of model has no better way.</summary>
    IDecoderBatch StartBatch(IReadOnlyList<IDecoderSession> sessions) => new SessionBatch(sessions);
}
