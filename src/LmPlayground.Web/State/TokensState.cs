using LmPlayground.Runs;
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

    /// <summary>How the page's address is written and read: the text and the model are called as on the playground.</summary>
    internal static readonly PageStateFormat<TokensState> Format = new(
        Path,
        Read,
        state => state.OtherId is null ? RunQuery.Write(state.Request) : QueryHelpers.AddQueryString(RunQuery.Write(state.Request), Beside, state.OtherId),
        state => RunQuery.LongTexts(state.Request),
        (state, _, text) => state with { Text = text },
        _ => "TheText");

    private RunRequest Request => new() { Prompt = Text, Model = ModelId };

    private static PageReading<TokensState> Read(string query)
    {
        var shared = RunQuery.Read(query);
        var other = QueryHelpers.ParseQuery(query).TryGetValue(Beside, out var values) && values[^1] is { Length: > 0 } id ? id : null;
        var state = new TokensState { Text = shared.Request.Prompt, ModelId = shared.Request.Model, OtherId = other };
        return new PageReading<TokensState>(state, shared.References, shared.Notices);
    }
}
