using System.Collections.Immutable;
using LmPlayground.Runs;
using LmPlayground.Runs.Planning;
using LmPlayground.Runs.Settings;
using Microsoft.AspNetCore.WebUtilities;

namespace LmPlayground.Web.State;

/// <summary>What the address of a page of runs says: what was chosen, and what a run has decided itself, so that the address gives the same run again.</summary>
/// <param name="Request">What was chosen.</param>
/// <param name="Drawn">The seed that was drawn, and the time that a chat template saw: nobody chose them, and the next run has others.</param>
internal sealed record RunAddress(RunRequest Request, RunRequest Drawn)
{
    /// <summary>Names the settings of an address that nobody chose.</summary>
    private const string DrawnName = "drawn";

    /// <summary>What is said where the reader has gone back to a run that the page does not show any more.</summary>
    /// <param name="button">What the button is called that makes it again.</param>
    /// <param name="what">What it makes.</param>
    internal static string IsMadeAgain(string button, string what = "text") =>
        $"The {what} of this address is not kept: {button} makes it again, with the same settings and the same seed.";

    /// <summary>A request for which nothing has been drawn.</summary>
    internal RunAddress(RunRequest request)
        : this(request, new RunRequest())
    {
    }

    /// <summary>Whether there is something that a run has decided.</summary>
    internal bool HasDrawn => RunPlanner.Decided.Any(Drawn.Has);

    /// <summary>What was chosen and what was drawn.</summary>
    internal RunRequest Whole => Request.With(Drawn);

    /// <summary>The address of a run.</summary>
    /// <param name="chosen">What was chosen.</param>
    /// <param name="run">What the run was asked, with what it has decided itself.</param>
    /// <param name="seesTime">Whether the time may be seen in what it wrote.</param>
    internal static RunAddress OfRun(RunRequest chosen, RunRequest run, bool seesTime)
    {
        IEnumerable<Setting> decided = seesTime ? RunPlanner.Decided : RunPlanner.Decided.Remove(RunSettings.TemplateTime);
        return new RunAddress(chosen, run.Only(decided).Except(chosen));
    }

    /// <summary>Whether a run is the one of this address as far as what runs decide themselves.</summary>
    internal bool IsDecidedAs(RunRequest run) => Whole.Only(RunPlanner.Decided) is var here && run.With(here).Equals(run);

    /// <summary>The query of an address.</summary>
    internal string Write()
    {
        var query = RunQuery.Write(Whole);
        return HasDrawn
            ? QueryHelpers.AddQueryString(query, DrawnName, string.Join(',', RunPlanner.Decided.Where(Drawn.Has).Select(setting => setting.Name)))
            : query;
    }

    /// <summary>Reads the query of an address.</summary>
    internal static PageReading<RunAddress> Read(string query)
    {
        var reading = RunQuery.Read(query);
        var names = QueryHelpers.ParseQuery(query).TryGetValue(DrawnName, out var values) ? values[^1]!.Split(',') : [];
        Setting[] drawn = [.. RunPlanner.Decided.Where(setting => names.Contains(setting.Name))];
        var address = new RunAddress(drawn.Aggregate(reading.Request, (request, setting) => request.Without(setting)), reading.Request.Only(drawn));
        return new PageReading<RunAddress>(address, reading.References, reading.Notices);
    }
}
