using System.Collections.Immutable;
using Microsoft.AspNetCore.WebUtilities;

namespace LmPlayground.Web.State;

/// <summary>The page of tokens: a text, a model whose tokenizer splits it, and a second one beside it.</summary>
public sealed record TokensState
{
    /// <summary>The page's path.</summary>
    public const string Path = "/tokens";

    private const string Beside = "with";

    /// <summary>The text, or null for the example.</summary>
    public string? Text { get; init; }

    /// <summary>The model, or null for the first.</summary>
    public string? ModelId { get; init; }

    /// <summary>The second model, or null for none.</summary>
    public string? OtherId { get; init; }

    /// <summary>The query of the page's address: the text and the model are called as on the playground.</summary>
    public string ToQuery()
    {
        var query = AddressWriter.Write(new PlaygroundState { Prompt = Text, ModelId = ModelId });
        return OtherId is null ? query : QueryHelpers.AddQueryString(query, Beside, OtherId);
    }

    /// <summary>Reads an address.</summary>
    public static (TokensState State, string? TextReference, ImmutableArray<string> Notices) Read(Uri uri)
    {
        var shared = AddressReader.Read(uri);
        var other = QueryHelpers.ParseQuery(uri.Query).TryGetValue(Beside, out var values) && values[^1] is { Length: > 0 } id ? id : null;
        return (new TokensState { Text = shared.State.Prompt, ModelId = shared.State.ModelId, OtherId = other }, shared.PromptReference, shared.Notices);
    }
}
