using System.Diagnostics;
using LmPlayground.Benchmarks.Reporting;

namespace LmPlayground.Benchmarks.Demos;

/// <summary>
/// Requests at a fixed rate, whether answers come or not. A latency counts from when its request should have been sent: a server that stands still
/// makes all of them late, not only the one that it was at.
/// </summary>
internal static class OpenLoop
{
    /// <summary>Sends requests at a rate for a time.</summary>
    /// <returns>The latencies in milliseconds, and how many requests failed.</returns>
    internal static async Task<(Samples Latencies, int Failed)> RunAsync(int perSecond, int seconds, Func<int, Task<bool>> request, CancellationToken cancellationToken)
    {
        var answers = new Task<double?>[perSecond * seconds];
        var interval = Stopwatch.Frequency / perSecond;
        var started = Stopwatch.GetTimestamp();

        // A thread of its own: one of the pool would wait behind the answers. It sleeps to keep the rate, not to wait for something.
        await Task.Factory.StartNew(
            () =>
            {
                for (var number = 0; number < answers.Length; number++)
                {
                    var due = started + (number * interval);
                    while (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is { Ticks: > 0 } early)
                        Thread.Sleep(early > TimeSpan.FromMilliseconds(1) ? early : TimeSpan.FromMilliseconds(0.2));
                    cancellationToken.ThrowIfCancellationRequested();
                    var which = number;
                    answers[number] = Task.Run(() => SendAsync(which, due), cancellationToken);
                }
            },
            cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var latencies = new Samples();
        foreach (var latency in (await Task.WhenAll(answers)).OfType<double>())
            latencies.Add(latency);
        return (latencies, answers.Length - latencies.Count);

        async Task<double?> SendAsync(int number, long due) => await request(number) ? Stopwatch.GetElapsedTime(due).TotalMilliseconds : null;
    }
}
