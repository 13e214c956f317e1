using LmPlayground.Models.Hub;
using LmPlayground.Runs.Messages;

namespace LmPlayground.Web.Downloads;

/// <summary>A download as it stands.</summary>
public sealed record Download
{
    /// <summary>"org/name".</summary>
    public required HubRepositoryId Repository { get; init; }

    /// <summary>"q4".</summary>
    public required string Variant { get; init; }

    /// <summary>How far it is; null while it waits.</summary>
    public DownloadProgress? Progress { get; init; }

    /// <summary>Why it failed, or null while it goes on.</summary>
    public Message? Error { get; init; }

    /// <summary>What it is called.</summary>
    public string Id => $"{Repository}:{Variant}";
}

/// <summary>The server's downloads from a hub: pages start and watch them. Thread-safe.</summary>
public interface IDownloads
{
    /// <summary>Why pages may not download, or null where they may.</summary>
    string? Refusal { get; }

    /// <summary>What is being downloaded, waits, or has failed. What is done is in the list of models.</summary>
    IReadOnlyList<Download> Current { get; }

    /// <summary>Calls <paramref name="changed"/> after each change of <see cref="Current"/>, from any thread; it must return at once. Dispose to stop.</summary>
    IDisposable Subscribe(Action changed);

    /// <summary>The most downloaded models whose names hold the words.</summary>
    /// <exception cref="HubException">The hub cannot be asked, or may not.</exception>
    Task<IReadOnlyList<HubSearchResult>> SearchAsync(string words, CancellationToken cancellationToken);

    /// <summary>What a repository offers.</summary>
    /// <exception cref="HubException">The hub cannot be asked, or may not.</exception>
    Task<HubRepository> FindAsync(string repository, CancellationToken cancellationToken);

    /// <summary>Begins a download, or tries a failed one again.</summary>
    void Start(HubRepositoryId repository, string variant);

    /// <summary>Ends a download, or forgets a failed one. What has arrived is kept for the next time.</summary>
    void Cancel(string id);
}
