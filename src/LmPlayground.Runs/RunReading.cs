using System.Collections.Immutable;
using LmPlayground.Runs.Messages;
using LmPlayground.Runs.Settings.Formats;

namespace LmPlayground.Runs;

/// <summary>What an address, a command line or a document says.</summary>
/// <param name="Request">What is asked for, every value in its range.</param>
/// <param name="Problems">What could not be taken as it stood.</param>
public sealed record RunReading(RunRequest Request, ImmutableArray<SettingProblem> Problems)
{
    /// <summary>Texts that were too long for an address: under which name they are kept elsewhere, by the setting's name.</summary>
    public ImmutableDictionary<string, string> References { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The problems in words for people who go on without what is wrong.</summary>
    public ImmutableArray<Message> Notices => [.. Problems.Select(problem => problem.Notice)];
}
