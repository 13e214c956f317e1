using LmPlayground.Runs.Messages;

namespace LmPlayground.Runs.Jobs;

/// <summary>A job needs more memory than there is for all of them. The message is for the person who started it.</summary>
public sealed class MemoryLimitException : Exception
{
    /// <summary>An error with its explanation.</summary>
    public MemoryLimitException(Message explanation)
        : base(explanation.Text) => Explanation = explanation;

    /// <summary>What people read of it.</summary>
    public Message Explanation { get; }
}
