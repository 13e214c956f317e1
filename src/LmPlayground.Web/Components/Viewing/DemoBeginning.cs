using System.Collections.Immutable;
using System.Text;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Formatting;
using LmPlayground.Web.Texts;

namespace LmPlayground.Web.Components.Viewing;

/// <summary>How a demo begins: as much of it as a card shows, in stretches of one colour.</summary>
/// <param name="Prompt">What was given, as a person wrote it.</param>
/// <param name="Runs">The runs that are shown: one, or the columns of a comparison.</param>
public sealed record DemoBeginning(string Prompt, ImmutableArray<BeginningRun> Runs)
{
    private const int MostOfPrompt = 300;
    private const int MostTokens = 160;
    private const int MostTokensOfColumn = 60;

    /// <summary>Whether runs stand side by side.</summary>
    public bool IsComparison => Runs.Length > 1;

    /// <summary>The beginning of a demo, with its columns named in the reader's language.</summary>
    internal static DemoBeginning Of(DemoView view, PageWords words)
    {
        var titles = view.IsComparison ? DemoWording.TitlesOf(view, words) : [""];
        var most = view.Runs.Length > 1 ? MostTokensOfColumn : MostTokens;
        return new DemoBeginning(PromptOf(view.Runs[0]), [.. view.Runs.Select((run, index) => Begin(run, titles[index], most))]);
    }

    /// <summary>A masked text has its prompt in it; a chat template's marks are not the reader's.</summary>
    private static string PromptOf(DemoRunView run)
    {
        var prompt = run.Run.Masked is not null ? ""
            : run.Source is { } source ? source + "\n"
            : run.Run.RenderedPrompt is null ? run.Prompt
            : Unmasked.Of(run.Run.Request.Prompt ?? "") + "\n";
        return prompt.Length <= MostOfPrompt ? prompt : $"{Cut(prompt, MostOfPrompt / 2)} … {prompt[Whole(prompt, prompt.Length - (MostOfPrompt / 2))..]}";
    }

    private static BeginningRun Begin(DemoRunView run, string title, int most)
    {
        var pieces = ImmutableArray.CreateBuilder<BeginningPiece>();
        var text = new StringBuilder();
        var heat = BeginningPiece.Given;
        foreach (var (colour, part) in Parts(run).Take(most).Append((-2, "")))
        {
            if (colour != heat && text.Length > 0)
            {
                pieces.Add(new BeginningPiece(heat, text.ToString()));
                text.Clear();
            }

            heat = colour;
            text.Append(part);
        }

        // A column begins on a line of its own.
        if (title.Length > 0 && pieces.Count > 0)
            pieces[0] = pieces[0] with { Text = pieces[0].Text.TrimStart('\n') };
        return new BeginningRun(title, pieces.ToImmutable(), run.Steps.Length > most || run.Run.Stop?.Reason == FinishReason.Length.Name);
    }

    private static IEnumerable<(int Heat, string Text)> Parts(DemoRunView run) => run.Run.Masked is { } masked
        ? MaskedPieces.Of(run, masked).Select(piece => piece.Step < 0 ? (BeginningPiece.Given, piece.Given) : Part(run, piece.Step))
        : Enumerable.Range(0, run.Steps.Length).Select(step => Part(run, step));

    private static (int Heat, string Text) Part(DemoRunView run, int step) => (Show.Heat(run.Steps[step].Probability), run.Steps[step].Text);

    private static string Cut(string text, int length) => text[..Whole(text, length)];

    /// <summary>A place near this one that is in the middle of no character.</summary>
    private static int Whole(string text, int place) => char.IsLowSurrogate(text[place]) ? place - 1 : place;
}

/// <summary>How one run begins.</summary>
/// <param name="Title">What it is called as a column; empty for a run alone.</param>
/// <param name="Pieces">Its text.</param>
/// <param name="IsCut">Whether there is more of it, or would be.</param>
public sealed record BeginningRun(string Title, ImmutableArray<BeginningPiece> Pieces, bool IsCut);

/// <summary>Tokens that follow each other and have one colour.</summary>
/// <param name="Heat">The step of the heat scale, or <see cref="Given"/>.</param>
/// <param name="Text">Their text.</param>
public readonly record struct BeginningPiece(int Heat, string Text)
{
    /// <summary>A text that no model wrote.</summary>
    public const int Given = -1;
}
