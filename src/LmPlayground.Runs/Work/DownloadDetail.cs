using LmPlayground.Models.Hub;

namespace LmPlayground.Runs.Work;

/// <summary>A download as it stands. Immutable.</summary>
/// <param name="Repository">"org/name".</param>
/// <param name="Variant">"q4".</param>
/// <param name="Progress">How far it is; null while it waits.</param>
public sealed record DownloadDetail(HubRepositoryId Repository, string Variant, DownloadProgress? Progress)
{
    /// <summary>What it is called: "org/name:q4".</summary>
    public string Id => $"{Repository}:{Variant}";
}
