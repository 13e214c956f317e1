using LmPlayground.Runs.Messages;

namespace LmPlayground.Runs.Jobs;

/// <summary>What a job does. Disposed once, when its job is forgotten or replaced, after it has come to rest: it then lets go of what it has left.</summary>
/// <typeparam name="TDetail">What there is of the work. Immutable.</typeparam>
public interface IJobTask<TDetail> : IDisposable
{
    /// <summary>What there is before it begins.</summary>
    TDetail Initial { get; }

    /// <summary>What it keeps from its beginning, in bytes: the texts of the request, above all.</summary>
    long InitialBytes => 0;

    /// <summary>Does the work when its turn has come. Returning is its good end; an exception is explained to the person who asked.</summary>
    /// <param name="job">Where it writes what happens, and what tells it to end.</param>
    Task RunAsync(JobContext<TDetail> job);

    /// <summary>What there is of the work when it was cancelled, perhaps before it began.</summary>
    TDetail AfterCancel(TDetail detail) => detail;

    /// <summary>What it is, in the few words of a log's line, without anything that the person has typed: "A run of ngram (12 tokens)".</summary>
    string Describe(TDetail detail) => "A job";

    /// <summary>What a person reads of an error.</summary>
    Message Explain(Exception exception);

    /// <summary>Whether an error is the fault of what the person has asked for, which is no trouble of the server's.</summary>
    bool IsRefusal(Exception exception) => false;
}
