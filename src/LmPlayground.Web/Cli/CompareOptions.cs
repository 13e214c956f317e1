using System.Collections.Immutable;
using System.CommandLine;
using LmPlayground.Generation.Comparison;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Web.Cli;

/// <summary>The options of <c>compare</c>: those of <c>generate</c>, and what each column changes of them.</summary>
internal sealed class CompareOptions
{
    private readonly GenerateOptions _base = new();

    private readonly Option<string[]> _columns = new("--column")
    {
        Description = "A column: what it changes of the other options, as NAME=VALUE,NAME=VALUE. Names are those of the stages' parameters, and model, seed, order, max_new_tokens. Give two or more; \"\" changes nothing.",
    };

    private readonly Option<string?> _sweep = new("--sweep")
    {
        Description = "A column for each value of one parameter: temperature=0.2:1.6:0.2 (from, to, step) or top_k=1,5,40.",
    };

    internal void AddTo(Command command)
    {
        _base.AddTo(command);
        command.Options.Add(_columns);
        command.Options.Add(_sweep);
    }

    internal ComparePlan Read(ParseResult parsed)
    {
        var (text, ids) = _base.Prompt(parsed);
        var start = new CompareDraft("", _base.Model(parsed), _base.Sampling(parsed), _base.Stopping(parsed), _base.Seed(parsed));
        return new ComparePlan
        {
            Columns = Columns(parsed, start),
            PromptText = text,
            PromptIds = ids is null ? null : [.. ids],
            TopCandidates = _base.Top(parsed),
            Json = _base.Json(parsed),
        };
    }

    private ImmutableArray<CompareDraft> Columns(ParseResult parsed, CompareDraft start)
    {
        var columns = parsed.GetValue(_columns) ?? [];
        var sweep = parsed.GetValue(_sweep);
        if (sweep is not null)
            return columns.Length == 0 ? Sweep(sweep, start) : throw new CommandLineException("Give --column or --sweep, not both.");
        if (columns.Length is < ComparisonRequest.LeastColumns or > ComparisonRequest.MostColumns)
        {
            throw new CommandLineException(
                $"Give {ComparisonRequest.LeastColumns} to {ComparisonRequest.MostColumns} columns with --column, such as --column temperature=0.7 --column temperature=1.4,top_p=0.9, or a --sweep.");
        }

        return [.. columns.Select(text => CompareColumn.Parse(text).Change(start, _base.OrderText(parsed)))];
    }

    private static ImmutableArray<CompareDraft> Sweep(string text, CompareDraft start)
    {
        try
        {
            var sweep = Generation.Comparison.Sweep.Parse(text);
            return [.. sweep.Of(start.Sampling).Zip(sweep.Names, (sampling, name) => start with { Name = name, Sampling = sampling })];
        }
        catch (ArgumentException exception)
        {
            throw new CommandLineException("--sweep: " + exception.Message);
        }
    }
}

/// <summary>What <c>compare</c> was asked for, before any model is read.</summary>
internal sealed record ComparePlan
{
    internal required ImmutableArray<CompareDraft> Columns { get; init; }

    internal required string? PromptText { get; init; }

    internal required ImmutableArray<int>? PromptIds { get; init; }

    internal required int TopCandidates { get; init; }

    internal required bool Json { get; init; }
}

/// <summary>One column before its model is read.</summary>
internal sealed record CompareDraft(string Name, string Model, SamplingOptions Sampling, StoppingOptions Stopping, ulong Seed);
