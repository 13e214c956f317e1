using System.Text.RegularExpressions;

namespace LmPlayground.Models.Hub;

/// <summary>A repository on a hub: "org/name".</summary>
public sealed partial record HubRepositoryId
{
    private readonly string _id;

    private HubRepositoryId(string id) => _id = id;

    /// <summary>Reads "org/name", which also may be the address of its page.</summary>
    /// <exception cref="HubException">It is none.</exception>
    public static HubRepositoryId Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var id = Uri.TryCreate(text, UriKind.Absolute, out var page) && page.Scheme is "https" or "http"
            ? page!.AbsolutePath.Trim('/')
            : text.Trim();
        return Pattern().IsMatch(id) && !id.Contains("--", StringComparison.Ordinal) && !id.Contains("..", StringComparison.Ordinal)
            ? new HubRepositoryId(id)
            : throw new HubException($"\"{text}\" is no repository; a repository is ORG/NAME, as in onnx-community/SmolLM2-135M-Instruct.");
    }

    /// <inheritdoc/>
    public override string ToString() => _id;

    // What the hub allows: letters, digits, and single signs between them.
    [GeneratedRegex(@"\A[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9_][\w.-]{0,95}\z", RegexOptions.ECMAScript)]
    private static partial Regex Pattern();
}
