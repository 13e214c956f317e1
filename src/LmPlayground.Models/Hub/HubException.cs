namespace LmPlayground.Models.Hub;

/// <summary>What the hub was asked for could not be had. The message says why and what to do, in words for people.</summary>
public sealed class HubException : Exception
{
    /// <summary>Says what failed.</summary>
    public HubException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>Whether the hub could not be reached at all: being offline is normal.</summary>
    public bool IsOffline { get; init; }

    /// <summary>Whether what the environment says of the hub cannot be used.</summary>
    public bool IsWrongInput { get; init; }
}
