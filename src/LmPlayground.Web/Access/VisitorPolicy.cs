using LmPlayground.Models.Hub;
using LmPlayground.Web.Configuration;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Access;

/// <summary>What a page may do to the server itself: its visitor is at this machine, or the operator allows it to everyone.</summary>
internal sealed class VisitorPolicy(IOptions<DownloadOptions> downloads, IOptions<ModelOptions> models, Visitor visitor)
{
    /// <summary>Why the page may not search a hub and download from it, or null where it may.</summary>
    public string? DownloadRefusal => downloads.Value.AllowDownloads ?? visitor.IsAtThisMachine
        ? null
        : "This server does not download for its visitors. Whoever runs it can: with the command pull, or by setting Hub:AllowDownloads.";

    /// <summary>Why the page may not take models out of memory, or null where it may.</summary>
    public string? UnloadRefusal => models.Value.AllowUnload ?? visitor.IsAtThisMachine
        ? null
        : "This server does not unload models for its visitors. Whoever runs it can allow it by setting Models:AllowUnload.";

    /// <exception cref="HubException">The page may not download.</exception>
    public void CheckDownload()
    {
        if (DownloadRefusal is { } refusal)
            throw new HubException(refusal);
    }
}
