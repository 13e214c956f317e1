namespace LmPlayground.Web.Cli;

/// <summary>What the program tells the shell.</summary>
internal static class ExitCodes
{
    internal const int Success = 0;

    /// <summary>Something failed that was not the input's fault.</summary>
    internal const int Failure = 1;

    /// <summary>The input was wrong: an option, a model, a prompt.</summary>
    internal const int WrongInput = 2;

    /// <summary>Interrupted, as shells have it: 128 + SIGINT.</summary>
    internal const int Interrupted = 130;
}
