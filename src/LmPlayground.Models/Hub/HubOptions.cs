namespace LmPlayground.Models.Hub;

/// <summary>Which hub, as whom, and where to. The environment variables are those of Hugging Face's own tools.</summary>
public sealed record HubOptions
{
    private const int MostQuoted = 200;
    private const string DefaultEndpoint = "https://huggingface.co";

    /// <summary>The hub's address (HF_ENDPOINT).</summary>
    public Uri Endpoint { get; init; } = new(DefaultEndpoint);

    /// <summary>The access token (HF_TOKEN, else the file HF_TOKEN_PATH or <c>token</c> in HF_HOME), or null. It is sent to the endpoint alone.</summary>
    public string? Token { get; init; }

    /// <summary>Whether the network is left alone (HF_HUB_OFFLINE).</summary>
    public bool IsOffline { get; init; }

    /// <summary>The cache's folder (HF_HUB_CACHE, else HF_HOME/hub), which need not exist yet.</summary>
    public required string CacheDirectory { get; init; }

    /// <summary>How long the hub may be silent before that counts as a broken connection.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a request is tried before its failure is told.</summary>
    public int Tries { get; init; } = 5;

    /// <summary>How long the hub may take to send a list, from its first byte to its last.</summary>
    public TimeSpan AnswerTime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The most bytes that a variant of a model may have; a larger one is refused before its first byte.</summary>
    public long MaxBytes { get; init; } = 1L << 40;

    /// <summary>What the environment says.</summary>
    /// <exception cref="HubException">HF_ENDPOINT is no address, or HF_TOKEN no token.</exception>
    public static HubOptions FromEnvironment() => From(Environment.GetEnvironmentVariable);

    internal static HubOptions From(Func<string, string?> variable)
    {
        var endpoint = variable("HF_ENDPOINT") is { Length: > 0 } named ? named : DefaultEndpoint;
        if (!Uri.TryCreate(endpoint.TrimEnd('/'), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new HubException($"HF_ENDPOINT is \"{(endpoint.Length > MostQuoted ? endpoint[..(MostQuoted - 1)] + "…" : endpoint)}\"; it must be the address of a hub, as {DefaultEndpoint}.") { IsWrongInput = true };
        return new HubOptions
        {
            Endpoint = address,
            Token = variable("HF_TOKEN")?.Trim() is { Length: > 0 } token ? Checked(token, "HF_TOKEN") : Checked(TokenFile(variable), "The token's file (HF_TOKEN_PATH, or token in HF_HOME)"),
            IsOffline = variable("HF_HUB_OFFLINE")?.ToUpperInvariant() is "1" or "TRUE" or "YES" or "ON",
            CacheDirectory = HubCache.Find(variable),
        };
    }

    /// <summary>A token goes into a header of HTTP, which has no line ends and nothing but ASCII.</summary>
    private static string? Checked(string? token, string place) => token is null || token.All(c => c is > ' ' and < '\x7f')
        ? token
        : throw new HubException($"{place} has characters that no token has, such as a line end or a space: give the token alone.") { IsWrongInput = true };

    private static string? TokenFile(Func<string, string?> variable)
    {
        var path = variable("HF_TOKEN_PATH") is { Length: > 0 } named ? named : Path.Combine(HubCache.Home(variable), "token");
        try
        {
            return File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } token ? token : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
