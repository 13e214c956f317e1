using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Messages;

namespace LmPlayground.Runs.Tests.Jobs;

/// <summary>Who is next where many wait.</summary>
public class FairQueueTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void A_client_with_a_hundred_pages_keeps_nobody_out(int concurrent)
    {
        var line = new Line(concurrent);
        for (var i = 0; i < 110; i++)
            line.Enter($"attacker {i}", "attacker");
        var guest = line.Enter("guest", "guest");
        Assert.Equal(1, guest.Position);
        var other = line.Enter("other", "other");
        Assert.Equal(2, other.Position);

        // Their second jobs wait for one of the attacker's at most.
        var again = line.Enter("guest", "guest");
        Assert.InRange(again.Position, 3, 4);
    }

    [Fact]
    public void A_page_with_three_jobs_lets_the_other_pages_of_its_client_go_first()
    {
        var line = new Line(1);
        line.Enter("busy", "school");
        var second = line.Enter("busy", "school");
        var third = line.Enter("busy", "school");
        var pupils = Enumerable.Range(0, 3).Select(i => line.Enter($"pupil {i}", "school")).ToList();
        Assert.Equal([1, 2, 3], pupils.Select(pupil => pupil.Position));
        Assert.Equal([4, 5], [second.Position, third.Position]);
    }

    [Fact]
    public void Equals_go_first_come_first_served()
    {
        var line = new Line(2);
        var all = Enumerable.Range(0, 50).Select(i => line.Enter($"page {i}", $"client {i}")).ToList();
        Assert.Equal(Enumerable.Range(0, 50).Select(i => Math.Max(0, i - 1)), all.Select(one => one.Position));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_place_that_is_shown_is_the_place_in_which_the_turn_comes(int seed)
    {
        var random = new Random(seed);
        var line = new Line(random.Next(1, 4));
        for (var i = 0; i < 60; i++)
        {
            if (random.Next(3) == 0)
                line.EndOne(random);
            else
                line.Enter($"page {random.Next(8)}", $"client {random.Next(4)}");
        }

        // Nobody comes any more: everyone is served in the order that is shown now, whoever ends when.
        var expected = line.Waiting.OrderBy(one => one.Position).ToList();
        var begun = new List<Queued>();
        while (line.Waiting.Count > 0)
            begun.AddRange(line.EndOne(random));
        Assert.Equal(expected, begun);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Clients_that_always_wait_have_equally_many_turns_whatever_else_comes(int seed)
    {
        var random = new Random(seed);
        var line = new Line(random.Next(1, 3));
        var turns = new Dictionary<string, int> { ["greedy"] = 0, ["modest"] = 0 };
        for (var i = 0; i < 40; i++)
            line.Enter($"greedy {i}", "greedy");
        line.Enter("modest", "modest");
        line.Enter("modest", "modest");
        for (var i = 0; i < 60; i++)
        {
            foreach (var one in line.EndOne(random))
            {
                if (!turns.ContainsKey(one.Client))
                    continue;
                turns[one.Client]++;
                line.Enter(one.Page, one.Client);
            }

            if (random.Next(3) == 0)
                line.Enter($"passer-by {i}", $"passer-by {i}");
            if (turns["greedy"] > 0 && turns["modest"] > 0)
                Assert.InRange(turns["modest"] - turns["greedy"], -2, 3);
        }

        Assert.InRange(turns["modest"], 10, 60);
    }

    [Fact]
    public void One_client_may_have_so_many_waiting_and_no_more_and_others_still_may()
    {
        var queue = new JobQueue(new JobLane("test", 1, 5, 3, "The server is busy"));
        Message? refusal = null;
        var entered = Enumerable.Range(0, 5).Select(i => queue.Enter(new Queued($"{i}", "one"), out refusal)).ToList();
        Assert.Equal([true, true, true, true, false], entered.Select(ticket => ticket is not null));
        Assert.Contains("3 jobs from your network address", refusal?.Text, StringComparison.Ordinal);
        Assert.NotNull(queue.Enter(new Queued("page", "other"), out refusal));
        Assert.Null(refusal);
        Assert.NotNull(queue.Enter(new Queued("page", "third"), out _));
        Assert.Null(queue.Enter(new Queued("page", "fourth"), out refusal));
        Assert.Contains("queue of 5 is full", refusal?.Text, StringComparison.Ordinal);

        // Who leaves makes room for another of the same client.
        entered[3]!.GiveUp();
        Assert.NotNull(queue.Enter(new Queued("page", "one"), out _));
    }

    [Fact]
    public void A_class_behind_one_address_all_waits_by_default()
    {
        var options = new JobOptions();
        var queue = new JobQueue(new JobLane("test", options.MaxConcurrent, options.MaxQueued, options.MaxQueuedPerClient, "busy"));
        Assert.All(Enumerable.Range(0, 200), i => Assert.NotNull(queue.Enter(new Queued($"pupil {i}", "school"), out _)));
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    /// <summary>A queue with those who are in it.</summary>
    private sealed class Line(int concurrent)
    {
        private readonly JobQueue _queue = new(new JobLane("test", concurrent, 1000, 1000, "busy"));
        private readonly List<(Queued Queued, JobQueue.Ticket Ticket)> _present = [];

        internal IReadOnlyList<Queued> Waiting => [.. _present.Where(one => !one.Ticket.Turn.IsCompleted).Select(one => one.Queued)];

        internal Queued Enter(string page, string client)
        {
            var queued = new Queued(page, client);
            _present.Add((queued, _queue.Enter(queued, out _)!));
            return queued;
        }

        /// <summary>Ends one that has its turn; those whose turn has come by that.</summary>
        internal IReadOnlyList<Queued> EndOne(Random random)
        {
            var waiting = Waiting;
            var running = _present.Where(one => one.Ticket.Turn.IsCompleted).ToList();
            if (running.Count == 0)
                return [];
            var ended = running[random.Next(running.Count)];
            _present.Remove(ended);
            ended.Ticket.Dispose();
            return [.. waiting.Except(Waiting)];
        }
    }
}
