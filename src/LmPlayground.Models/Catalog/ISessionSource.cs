namespace LmPlayground.Models.Catalog;

/// <summary>What a kind of model that continues texts brings to the catalogue: weights in memory, and sequences that run in them.</summary>
/// <remarks>Thread-safe: sessions may be started and run at the same time. Disposed after its last session.</remarks>
internal interface ISessionSource : IModelWeights
{
    /// <summary>Starts an empty sequence. The caller disposes it.</summary>
    IDecoderSession StartSession();
}
