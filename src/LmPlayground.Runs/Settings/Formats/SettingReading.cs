using System.Globalization;
using LmPlayground.Runs.Messages;

namespace LmPlayground.Runs.Settings.Formats;

/// <summary>Collects what is wrong with the values of one setting while they are read.</summary>
/// <param name="name">What the setting is called where it was written: "top_p" in an address, "--top-p" on a command line.</param>
/// <param name="expects">What may be given: "a number from 0 to 1".</param>
/// <param name="problems">Takes the problems.</param>
public sealed class SettingReading(string name, string expects, ICollection<SettingProblem> problems)
{
    /// <summary>A list can have thousands of faults; nobody reads them.</summary>
    private const int MostTold = 8;

    private int _told;

    /// <summary>What the setting is called where it was written.</summary>
    public string Name => name;

    /// <summary>A text that is none of what may be given.</summary>
    /// <param name="text">The text.</param>
    /// <param name="code">The notice's code.</param>
    /// <param name="notice">What is wrong with it and what is used instead, as it goes on after the name and the text in quotes.</param>
    public void Refuse(string text, string code, FormattableString notice) => Refuse(
        new Message(code, FormattableString.Invariant($"{name} '{Quoted.Text(text)}' {notice}"), [name, Quoted.Text(text), .. notice.GetArguments()]), text);

    /// <summary>A number that is one, but not one of those that may be given.</summary>
    /// <param name="text">The number as it was written.</param>
    /// <param name="code">The notice's code.</param>
    /// <param name="notice">As for <see cref="Refuse(string, string, FormattableString)"/>, after the name and the number.</param>
    public void Replace(string text, string code, FormattableString notice) => Refuse(
        new Message(code, FormattableString.Invariant($"{name} {Quoted.Text(text)} {notice}"), [name, Quoted.Text(text), .. notice.GetArguments()]), text);

    /// <summary>One entry of a list that is left out.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="problem">What is wrong with it, without a full stop.</param>
    public void LeaveOut(string entry, string problem) => Add(
        Message.Of("setting.entry_left_out", $"{name} '{Quoted.Text(entry)}' is left out: {Quoted.Text(problem)}."), $"{name}: {Quoted.Text(problem)}.");

    /// <summary>The first entries of a list, and a word on those that are too many.</summary>
    /// <param name="entries">The list.</param>
    /// <param name="most">How many may be given.</param>
    public IEnumerable<TEntry> First<TEntry>(IReadOnlyCollection<TEntry> entries, int most)
    {
        if (entries.Count > most)
            Add(Message.Of("setting.entries_too_many", $"{name} has {entries.Count:N0} entries: the first {most:N0} are used."), string.Create(CultureInfo.InvariantCulture, $"{name} has {entries.Count:N0} entries; at most {most:N0} may be given."));
        return entries.Take(most);
    }

    /// <summary>Anything else. After a few problems one more says that there are others.</summary>
    public void Add(Message notice, string error)
    {
        if (_told < MostTold)
            problems.Add(new SettingProblem(notice, error));
        else if (_told == MostTold)
            problems.Add(new SettingProblem(Message.Of("setting.entries_further", $"{name} has further entries that cannot be used."), $"{name} has further entries that cannot be used."));
        _told++;
    }

    private void Refuse(Message notice, string text) => Add(notice, $"{name} must be {expects}, not '{Quoted.Text(text)}'.");
}
