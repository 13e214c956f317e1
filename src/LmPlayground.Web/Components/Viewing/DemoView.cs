using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Inspection;

namespace LmPlayground.Web.Components.Viewing;

/// <summary>A demo as its page shows it: a stranger's texts can be seen for what they are, and a huge one is cut to what a browser can show.</summary>
public sealed class DemoView
{
    /// <summary>The most tokens that a page shows, of all its columns together.</summary>
    public const int MostTokens = 8_192;

    /// <summary>The most columns that a page shows.</summary>
    public const int MostColumns = 8;

    /// <summary>The most alternatives of a token that a page shows; the chosen one always is.</summary>
    public const int MostCandidates = 40;

    /// <summary>The most branches that a page lists.</summary>
    public const int MostBranches = 64;

    /// <summary>The demo's page.</summary>
    /// <param name="demo">The demo.</param>
    /// <param name="place">The run that is shown, a place among the demo's; the columns of a comparison are shown together.</param>
    public DemoView(SharedDemo demo, int place = 0)
    {
        Demo = demo;
        (Title, Description, Note) = (Unmasked.Line(demo.Title, 200), Unmasked.Of(demo.Description), Unmasked.Of(demo.Note));
        var branch = place >= 0 && place < demo.Runs.Length && demo.Runs[place].Parent is not null ? demo.Runs[place] : null;
        Place = branch is null ? 0 : place;
        IsComparison = demo.Kind == DemoKind.Comparison && branch is null;
        var roots = branch is not null ? [branch] : demo.Runs.Where(run => run.Parent is null).Take(IsComparison ? MostColumns : 1).ToList();
        Runs = [.. roots.Select(run => new DemoRunView(demo, run, MostTokens / roots.Count))];
        Count = Runs.Select(run => run.Steps.Length).DefaultIfEmpty(0).Max();
        Hidden = branch is not null ? 0 : demo.Runs.Count(run => run.Parent is null) - roots.Count;
        Branches = [.. demo.Runs.Index().Where(run => run.Item.Parent is not null).Select(run => run.Index)];
    }

    /// <summary>The demo.</summary>
    public SharedDemo Demo { get; }

    /// <summary>Its title, or empty.</summary>
    public string Title { get; }

    /// <summary>What it shows, or empty.</summary>
    public string Description { get; }

    /// <summary>What its author says to it, or empty.</summary>
    public string Note { get; }

    /// <summary>The runs that are shown: one, or the columns of a comparison.</summary>
    public ImmutableArray<DemoRunView> Runs { get; }

    /// <summary>How many tokens the longest of them has.</summary>
    public int Count { get; }

    /// <summary>How many columns are not shown.</summary>
    public int Hidden { get; }

    /// <summary>The places of the runs that leave another one.</summary>
    public ImmutableArray<int> Branches { get; }

    /// <summary>The place of the branch that is shown; 0 where it is none.</summary>
    public int Place { get; }

    /// <summary>Whether runs stand side by side.</summary>
    public bool IsComparison { get; }
}

/// <summary>A run of a demo with its steps.</summary>
public sealed class DemoRunView
{
    internal DemoRunView(SharedDemo demo, DemoRun run, int most)
    {
        Run = run;
        Model = run.Model is { } model ? demo.Models[model] : null;
        ModelName = Unmasked.Line(Model?.Name ?? "", 200);
        Options = run.Strategy.Sampling(new SamplingOptions());
        var steps = DemoTokens.Of(demo, run);
        HiddenTokens = Math.Max(0, steps.Length - most);
        Steps = [.. steps.Take(most).Select(Seen)];
        Prompt = Unmasked.Of(run.RenderedPrompt ?? run.Request.Prompt ?? "");
        Source = run.Request.Source is { } source ? Unmasked.Of(source) : null;
        Earlier = Unmasked.Of(string.Concat(TextsBefore(demo, run)));
    }

    /// <summary>The run.</summary>
    public DemoRun Run { get; }

    /// <summary>Its model, or null for a column that had none.</summary>
    public DemoModel? Model { get; }

    /// <summary>The model's name.</summary>
    public string ModelName { get; }

    /// <summary>The strategy in use.</summary>
    public SamplingOptions Options { get; }

    /// <summary>Its tokens.</summary>
    public ImmutableArray<TokenStep> Steps { get; }

    /// <summary>How many tokens are not shown.</summary>
    public int HiddenTokens { get; }

    /// <summary>The prompt as the model read it.</summary>
    public string Prompt { get; }

    /// <summary>What an encoder-decoder read, or null.</summary>
    public string? Source { get; }

    /// <summary>The text that a branch has from the runs that it leaves.</summary>
    public string Earlier { get; }

    private static IEnumerable<string> TextsBefore(SharedDemo demo, DemoRun run) =>
        run.Parent is { } name && demo.Runs.FirstOrDefault(other => other.Id == name) is { } parent
            ? TextsBefore(demo, parent).Concat(parent.Steps.Texts).Take(run.Position ?? 0)
            : [];

    /// <summary>A step whose texts can be seen for what they are.</summary>
    internal static TokenStep Seen(TokenStep step) => step with
    {
        Text = Unmasked.Of(step.Text),
        Display = Unmasked.Of(step.Display),
        Top = [.. step.Top.Where((candidate, place) => place < DemoView.MostCandidates || candidate.Id == step.Id).Select(Seen)],
    };

    private static TokenCandidate Seen(TokenCandidate candidate) => candidate with { Text = Unmasked.Of(candidate.Text) };
}
