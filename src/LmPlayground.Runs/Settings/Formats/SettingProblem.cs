using LmPlayground.Runs.Messages;

namespace LmPlayground.Runs.Settings.Formats;

/// <summary>What is wrong with a value that was given for a setting.</summary>
/// <param name="Notice">For who goes on without it, such as a page that opens an address: what is wrong and what is used instead.</param>
/// <param name="Error">For who refuses it, such as the command line: what is wrong and what may be given.</param>
public sealed record SettingProblem(Message Notice, string Error);
