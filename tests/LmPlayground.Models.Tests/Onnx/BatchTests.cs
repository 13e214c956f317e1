using System.Runtime.InteropServices;
using LmPlayground.Models.Onnx.Sessions;

namespace LmPlayground.Models.Tests.Onnx;

/// <summary>Batches of every decoder: each row is what a session alone would be.</summary>
public sealed class BatchTests(ITestOutputHelper output)
{
    /// <summary>Of logits of 4 to 35 units.</summary>
    private const float Tolerance = 2e-5f;

    /// <summary>Their rows round otherwise than a lone one: two at a time, or as soon as there are several.</summary>
    private static readonly string[] RoundingRows = ["gpt_neox", "stablelm", "falcon"];

    public static TheoryData<string> Names => [.. TestModels.ZooDecoders, .. TestModels.EmbeddedNames, "SmolLM2"];

    public static TheoryData<string> Kinds => ["transformer", "SmolLM2", "lstm", "feedforward", "gemma", "gpt_bigcode"];

    private static CancellationToken Cancellation => TestModels.Cancellation;

    [Theory]
    [MemberData(nameof(Names))]
    public void Rows_of_equal_lengths_are_lone_sessions(string name)
    {
        using var decoder = TestModels.LoadNamed(name);
        using Lockstep rows = new(decoder, 12, 12, 12, 12);
        ReadAndReorder(rows);
        output.WriteLine($"{name}: {rows}");
        Assert.InRange(rows.LargestDifference, 0, Tolerance);

        // What the trial of five rows and four tokens says must hold for every number of rows and every length.
        Assert.Equal(decoder.BatchesKeepBits, rows.EqualRows == rows.Rows);
        if (IsX64)
            Assert.Equal(!RoundingRows.Contains(name), decoder.BatchesKeepBits);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rows_of_different_lengths_are_lone_sessions(string name)
    {
        using var decoder = TestModels.LoadNamed(name);
        using Lockstep rows = new(decoder, 3, 17, 9, 17);
        ReadAndReorder(rows);
        output.WriteLine($"{name}: {rows}");
        Assert.InRange(rows.LargestDifference, 0, Tolerance);

        // Gemma's export counts positions from the length of the past, padding included.
        Assert.Equal(name == "gemma" ? BatchAbility.EqualLengths : BatchAbility.AnyLengths, decoder.Batches.Ability);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rows_that_begin_with_nothing_stand_beside_long_ones(string name)
    {
        using var decoder = TestModels.LoadNamed(name);
        using Lockstep rows = new(decoder, 0, 70, 1, 0);
        rows.Step(3);
        Assert.InRange(rows.LargestDifference, 0, Tolerance);
    }

    [Theory]
    [InlineData("transformer")]
    [InlineData("instruct")]
    [InlineData("SmolLM2")]
    [InlineData("llama")]
    public void What_the_trial_says_of_bits_holds_for_other_numbers_of_rows_and_lengths(string name)
    {
        using var decoder = TestModels.LoadNamed(name);
        foreach (var (rowCount, length) in new[] { (2, 1), (3, 40), (6, 100), (8, 70) })
        {
            using Lockstep rows = new(decoder, [.. Enumerable.Repeat(length, rowCount)]);
            rows.Step(2);
            Assert.Equal(decoder.BatchesKeepBits, rows.EqualRows == rows.Rows);
        }
    }

    [Theory]
    [InlineData("transformer")]
    [InlineData("falcon")]
    [InlineData("gemma")]
    public void The_longest_row_may_leave_and_the_others_fill_the_context(string name)
    {
        using var decoder = TestModels.LoadNamed(name);
        var context = decoder.ContextLength ?? 128;
        using Lockstep rows = new(decoder, context - 1, 20, context - 12);
        rows.Step();
        Assert.Throws<ArgumentException>(() => rows.Batch.Forward([1, 2, 3], Cancellation));
        rows.Select(1, 2, 1);
        rows.Step(11);
        Assert.Equal(context, rows.Batch.LengthOf(1));
        Assert.InRange(rows.LargestDifference, 0, Tolerance);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Sessions_stay_as_they_were_and_may_go_first(string name)
    {
        using var decoder = TestModels.LoadNamed(name);
        using var session = decoder.StartSession();
        session.Read(1, 2, 3);
        using var expected = session.Fork();
        using var batch = decoder.StartBatch([session, session]);
        batch.Forward([4, 5], Cancellation);
        Assert.Equal(3, session.Length);
        Assert.Equal(expected.ReadSteps(6, 7), session.ReadSteps(6, 7));
        session.Dispose();
        batch.Forward([6, 7], Cancellation);
        Assert.Equal(5, batch.LengthOf(0));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Wrong_calls_are_refused_and_leave_the_batch_as_it_was(string name)
    {
        using var decoder = TestModels.LoadNamed(name);
        using var second = TestModels.LoadNamed(name);
        using var foreign = second.StartSession();
        using Lockstep rows = new(decoder, 3, 5, 4);
        Assert.Throws<ArgumentException>(() => decoder.StartBatch([]));
        Assert.Throws<ArgumentException>(() => decoder.StartBatch([foreign]));
        Assert.Throws<InvalidOperationException>(() => rows.Batch.LogitsOf(0).Length);
        rows.Step();
        Assert.Throws<ArgumentException>(() => rows.Batch.Forward([1, 2], Cancellation));
        Assert.Throws<ArgumentException>(() => rows.Batch.Forward([1, decoder.VocabularySize, 2], Cancellation));
        Assert.Throws<ArgumentException>(() => rows.Batch.Forward([1, 2, -1], Cancellation));
        Assert.ThrowsAny<OperationCanceledException>(() => rows.Batch.Forward([1, 2, 3], new CancellationToken(canceled: true)));
        Assert.Throws<ArgumentException>(() => rows.Batch.Select([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.Batch.Select([0, 3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.Batch.LengthOf(-1));
        rows.Step(2);
        Assert.InRange(rows.LargestDifference, 0, Tolerance);
        rows.Batch.Dispose();
        Assert.Throws<ObjectDisposedException>(() => rows.Batch.Forward([1, 2, 3], Cancellation));
    }

    [Fact]
    public void A_batch_that_was_stopped_inside_the_model_goes_on_as_if_nothing_had_been()
    {
        using var decoder = TestModels.LoadNamed("SmolLM2");
        using Lockstep rows = new(decoder, 40, 12, 3, 40);
        rows.Step();
        int[] tokens = [1, 2, 3, 4];
        var stopped = 0;
        for (var attempt = 0; attempt < 20; attempt++)
        {
            using CancellationTokenSource source = new();
            source.CancelAfter(TimeSpan.FromMilliseconds(1 + attempt % 7));
            try
            {
                rows.Batch.Forward(tokens, source.Token);
                Assert.Skip("This machine runs four rows faster than a timer stops them.");
            }
            catch (OperationCanceledException)
            {
                stopped++;
            }
        }

        Assert.Equal(20, stopped);
        rows.Step(2);
        Assert.InRange(rows.LargestDifference, 0, Tolerance);
    }

    [Theory]
    [InlineData("transformer")]
    [InlineData("SmolLM2")]
    [InlineData("lstm")]
    [InlineData("feedforward")]
    public void Steps_allocate_next_to_nothing(string name)
    {
        using var decoder = TestModels.LoadNamed(name);
        using var session = decoder.StartSession();
        session.Read(TestModels.Tokens(decoder, 64));
        using var batch = decoder.StartBatch([session, session, session, session]);
        int[] tokens = [5, 6, 7, 8];
        for (var i = 0; i < 8; i++)
            batch.Forward(tokens, Cancellation);
        const int steps = 32;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < steps; i++)
            batch.Forward(tokens, Cancellation);
        var perStep = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)steps;
        output.WriteLine($"{name}: {perStep:F0} bytes a step of four rows");
        Assert.InRange(perStep, 0, 128);
    }

    private static bool IsX64 => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Rows branch, end, change places, become fewer and more.</summary>
    private static void ReadAndReorder(Lockstep rows)
    {
        rows.Step(6);
        rows.Select(3, 0, 0, 2);
        rows.Step(4);
        rows.Select(2, 1, 3);
        rows.Step();
        rows.Select(0, 2);
        rows.Step();
        rows.Select(1, 0, 1, 1, 0, 1);
        rows.Step(2);
        rows.Select(5);
        rows.Step();
        rows.Select(0, 0, 0, 0, 0);
        rows.Step(3);
    }
}
