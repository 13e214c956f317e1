namespace LmPlayground.Generation.Tests.Support;

/// <summary>A synchronisation context of one thread, as a page has.</summary>
public sealed class SingleThread : SynchronizationContext
{
    private readonly System.Collections.Concurrent.BlockingCollection<(SendOrPostCallback, object?)> _work = [];

    public int ThreadId { get; private set; }

    public override void Post(SendOrPostCallback d, object? state) => _work.Add((d, state));

    public Task Run(Func<Task> action)
    {
        var done = new TaskCompletionSource();
        new Thread(() =>
        {
            ThreadId = Environment.CurrentManagedThreadId;
            SetSynchronizationContext(this);
            var task = action();
            task.ContinueWith(_ => _work.CompleteAdding(), TaskScheduler.Default);
            foreach (var (callback, state) in _work.GetConsumingEnumerable())
                callback(state);
            done.SetFromTask(task);
        }).Start();
        return done.Task;
    }
}
