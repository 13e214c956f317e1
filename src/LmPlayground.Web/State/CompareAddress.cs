using System.Collections.Immutable;
using Microsoft.AspNetCore.WebUtilities;

namespace LmPlayground.Web.State;

/// <summary>The address of the compare page: what all columns share as on the playground's page, and each column as a query within the query.</summary>
public static class CompareAddress
{
    /// <summary>The page's path.</summary>
    public const string Path = "/compare";

    private const string Column = "column";
    private const string Continuation = "continuation";

    /// <summary>The query with its question mark, or an empty string.</summary>
    public static string Write(CompareState state)
    {
        var shared = AddressWriter.Write(new PlaygroundState { Prompt = state.Prompt, Stopping = state.Stopping, Seed = state.Seed });
        if (state.Continuation.Length > 0)
            shared = QueryHelpers.AddQueryString(shared, Continuation, state.Continuation);
        return state.Columns.SequenceEqual(CompareState.UsualColumns)
            ? shared
            : state.Columns.Aggregate(shared, (query, column) => QueryHelpers.AddQueryString(query, Column, ColumnOf(column)));
    }

    /// <summary>Reads a query. What cannot be used is left at its default, and a notice says so.</summary>
    public static (CompareState State, string? PromptReference, ImmutableArray<string> Notices) Read(Uri uri)
    {
        var shared = AddressReader.Read(uri);
        var notices = shared.Notices;
        var columns = ImmutableArray.CreateBuilder<PlaygroundState>();
        foreach (var text in QueryHelpers.ParseQuery(uri.Query).TryGetValue(Column, out var values) ? values : [])
        {
            var column = AddressReader.Read(new UriBuilder(uri) { Query = text }.Uri);
            columns.Add(Own(column.State));
            notices = notices.AddRange(column.Notices.Select(notice => $"Column {columns.Count}: {notice}"));
        }

        if (columns.Count > CompareState.MostColumns)
        {
            notices = notices.Add($"The page shows {CompareState.MostColumns} columns: the last {columns.Count - CompareState.MostColumns} are left out.");
            columns.Count = CompareState.MostColumns;
        }

        if (columns.Count == 1)
            columns.Add(columns[0]);
        var state = new CompareState
        {
            Prompt = shared.State.Prompt,
            Stopping = shared.State.Stopping,
            Seed = shared.State.Seed,
            Continuation = QueryHelpers.ParseQuery(uri.Query).TryGetValue(Continuation, out var given) ? given[^1] ?? "" : "",
            Columns = columns.Count == 0 ? CompareState.UsualColumns : columns.ToImmutable(),
        };
        return (state, shared.PromptReference, notices);
    }

    /// <summary>The address that shows a state of the playground beside a copy of itself.</summary>
    public static string Beside(PlaygroundState state) => Path + Write(new CompareState
    {
        Prompt = state.Prompt,
        Stopping = state.Stopping,
        Seed = state.Seed,
        Columns = [Own(state), Own(state)],
    });

    private static string ColumnOf(PlaygroundState column) => AddressWriter.Write(Own(column)).TrimStart('?');

    /// <summary>What a column has of its own.</summary>
    private static PlaygroundState Own(PlaygroundState column) => new()
    {
        ModelId = column.ModelId,
        Order = column.Order,
        Chosen = column.Chosen,
        ChosenTexts = column.ChosenTexts,
    };
}
