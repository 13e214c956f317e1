using LmPlayground.Runs.Jobs;

namespace LmPlayground.Web.Cli;

/// <summary>Work that has failed, in words for people.</summary>
internal sealed class JobFailure(string message, bool isRefusal) : Exception(message)
{
    /// <summary>Whether the input was at fault.</summary>
    internal bool IsRefusal => isRefusal;

    /// <summary>Throws where a job has failed.</summary>
    internal static void ThrowIfFailed<TDetail>(JobSnapshot<TDetail> snapshot)
    {
        if (snapshot.Error is { } error)
            throw new JobFailure(error.Text, snapshot.IsRefusal);
    }
}
