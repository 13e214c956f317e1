using LmPlayground.Models.Onnx.Sessions;

namespace LmPlayground.Models.Tests.Onnx;

/// <summary>Going back in a recurrent model: exact, but only to where a state was kept.</summary>
public sealed class RecurrentSessionTests
{
    [Fact]
    public void A_long_text_can_be_rewound_to_every_stride_with_the_bits_of_never_having_gone_on()
    {
        using var decoder = TestModels.Load(TestFiles.Embedded("lstm"));
        var tokens = TestModels.Tokens(decoder, 200);
        using var session = decoder.StartSession();
        session.Read(tokens);
        Assert.Equal(192, session.NearestRewind(199));
        Assert.Equal(32, session.NearestRewind(63));
        Assert.Equal(0, session.NearestRewind(31));
        var error = Assert.Throws<ArgumentException>(() => session.RewindTo(63));
        Assert.Contains("32", error.Message, StringComparison.Ordinal);
        session.RewindTo(96);
        using var fresh = decoder.StartSession();
        fresh.Read(tokens.AsSpan(0, 96));
        Assert.Equal(fresh.Read(tokens.AsSpan(96, 40)), session.Read(tokens.AsSpan(96, 40)));
    }

    [Fact]
    public void Reading_at_once_in_parts_and_step_by_step_agree()
    {
        using var decoder = TestModels.Load(TestFiles.Embedded("lstm"));
        var tokens = TestModels.Tokens(decoder, 100);
        using var bulk = decoder.StartSession();
        using var steps = decoder.StartSession();
        var expected = bulk.Read(tokens);
        var actual = steps.ReadSteps(tokens);
        Assert.Equal(tokens.Length, expected.Length);
        for (var i = 0; i < tokens.Length; i++)
            Assert.InRange(TestLogits.LargestDifference(expected[i], actual[i]), 0, 1e-4f);
    }

    [Fact]
    public void Snapshots_stay_within_their_budget_at_any_length()
    {
        const int stateBytes = 16;
        using StateSnapshots snapshots = new(stateBytes, budget: 40 * stateBytes);
        var state = new byte[stateBytes];
        for (var length = 1; length <= 20_000; length++)
        {
            BitConverter.TryWriteBytes(state, length);
            snapshots.Add(length, state);
        }

        Assert.Equal(1024, snapshots.Stride);
        Assert.Equal(19_999, snapshots.Nearest(19_999));
        for (var length = 0; length <= 20_000; length += 500)
        {
            var nearest = snapshots.Nearest(length);
            Assert.InRange(nearest, Math.Max(0, length - snapshots.Stride + 1), length);
            if (nearest > 0)
                Assert.Equal(nearest, BitConverter.ToInt32(snapshots[nearest]));
        }

        snapshots.ForgetAfter(5000);
        Assert.Equal(4096, snapshots.Nearest(20_000));
    }

    [Fact]
    public void A_cancelled_read_leaves_the_session_as_it_was()
    {
        using var decoder = TestModels.Load(TestFiles.Embedded("lstm"));
        var tokens = TestModels.Tokens(decoder, 4_000);
        using var session = decoder.StartSession();
        using var untouched = decoder.StartSession();
        session.Read(tokens.AsSpan(0, 40));
        untouched.Read(tokens.AsSpan(0, 40));
        using CancellationTokenSource source = new(TimeSpan.FromMilliseconds(50));
        Assert.ThrowsAny<OperationCanceledException>(() => session.Forward(tokens, source.Token));
        Assert.Equal(40, session.Length);
        Assert.Equal(32, session.NearestRewind(39));
        Assert.Equal(untouched.ReadSteps(1, 2, 3), session.ReadSteps(1, 2, 3));
    }
}
