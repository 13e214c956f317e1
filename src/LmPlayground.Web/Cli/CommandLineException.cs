namespace LmPlayground.Web.Cli;

/// <summary>Wrong input on the command line: one clear line, exit code 2.</summary>
public sealed class CommandLineException(string message) : Exception(message);
