using LmPlayground.Models.Onnx;
using LmPlayground.Models.Onnx.Sessions;

namespace LmPlayground.Models.Tests.Onnx;

/// <summary>What every kind of session promises, on one model of each kind.</summary>
public sealed class SessionTests : IDisposable
{
    private readonly List<OnnxDecoder> _decoders = [];

    public static TheoryData<string> Kinds => ["transformer", "instruct", "lstm", "feedforward", "characters", "SmolLM2", "gpt_bigcode", "falcon"];

    private static CancellationToken Cancellation => TestModels.Cancellation;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Going_back_and_on_again_gives_the_same_bits(string name)
    {
        var decoder = Load(name);
        var tokens = TestModels.Tokens(decoder, 40);
        using var session = decoder.StartSession();
        session.Read(tokens.AsSpan(0, 20));
        var expected = session.ReadSteps(tokens.AsSpan(20));
        int[] lengths = [39, 38, 30, 21, 20];
        foreach (var length in lengths)
        {
            Assert.Equal(length, session.NearestRewind(length));
            session.RewindTo(length);
            Assert.Equal(length, session.Length);
            session.ReadSteps(7, 8, 9);
            session.RewindTo(length);
            Assert.Equal(expected[(length - 20)..], session.ReadSteps(tokens.AsSpan(length)));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_session_that_went_back_to_nothing_is_a_new_one(string name)
    {
        var decoder = Load(name);
        var tokens = TestModels.Tokens(decoder, 70);
        using var fresh = decoder.StartSession();
        using var used = decoder.StartSession();
        used.Read(TestModels.Tokens(decoder, 100, seed: 2));
        used.ReadSteps(1, 2, 3);
        used.RewindTo(0);
        Assert.Equal(0, used.Length);
        Assert.Equal(fresh.Read(tokens), used.Read(tokens));
        Assert.Equal(fresh.ReadSteps(4, 5), used.ReadSteps(4, 5));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_fork_continues_bit_by_bit_and_on_its_own(string name)
    {
        var decoder = Load(name);
        var tokens = TestModels.Tokens(decoder, 45);
        using var session = decoder.StartSession();
        session.Read(tokens);
        using var fork = session.Fork();
        using var other = fork.Fork();
        Assert.Equal(session.Length, fork.Length);
        var expected = session.ReadSteps(1, 2, 3, 4);
        other.ReadSteps(9, 9, 9, 9, 9);
        Assert.Equal(expected, fork.ReadSteps(1, 2, 3, 4));
        var back = fork.NearestRewind(40);
        fork.RewindTo(back);
        session.RewindTo(session.NearestRewind(40));
        Assert.Equal(session.Length, fork.Length);
        Assert.Equal(session.ReadSteps(5, 6), fork.ReadSteps(5, 6));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_fork_outlives_its_origin(string name)
    {
        var decoder = Load(name);
        using var expected = decoder.StartSession();
        var origin = decoder.StartSession();
        expected.Read(3, 1, 2);
        origin.Read(3, 1, 2);
        using var fork = origin.Fork();
        origin.Dispose();
        Assert.Equal(expected.ReadSteps(4, 5), fork.ReadSteps(4, 5));
        Assert.Throws<ObjectDisposedException>(() => origin.Forward([1], Cancellation));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Sessions_that_run_at_the_same_time_give_the_bits_of_one_alone(string name)
    {
        var decoder = Load(name);
        int[][] texts = [.. Enumerable.Range(0, 4).Select(i => TestModels.Tokens(decoder, 30 + 7 * i, seed: i))];
        float[][][] expected = [.. texts.Select(Run)];
        var together = await Task.WhenAll(texts.Select(t => Task.Run(() => Run(t), Cancellation)));
        Assert.Equal(expected, together);

        float[][] Run(int[] text)
        {
            using var session = decoder.StartSession();
            var bulk = session.Read(text.AsSpan(0, 20));
            return [.. bulk, .. session.ReadSteps(text.AsSpan(20))];
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Wrong_tokens_are_refused_before_anything_runs(string name)
    {
        var decoder = Load(name);
        using var session = decoder.StartSession();
        using var untouched = decoder.StartSession();
        session.Read(1, 2);
        untouched.Read(1, 2);
        Assert.Throws<ArgumentException>(() => session.Forward([], Cancellation));
        var error = Assert.Throws<ArgumentException>(() => session.Forward([1, decoder.VocabularySize], Cancellation));
        Assert.Contains($"{decoder.VocabularySize}", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => session.Forward([-1], Cancellation));
        if (decoder.ContextLength is { } context)
            Assert.Throws<ArgumentException>(() => session.Forward(new int[context - 1], Cancellation));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.RewindTo(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.RewindTo(3));
        Assert.ThrowsAny<OperationCanceledException>(() => session.Forward([1], new CancellationToken(canceled: true)));
        Assert.Equal(2, session.Length);
        Assert.Equal(untouched.Read(3, 4, 5), session.Read(3, 4, 5));
    }

    [Theory]
    [InlineData("transformer")]
    [InlineData("instruct")]
    [InlineData("falcon")]
    public void The_context_can_be_filled_to_its_last_token(string name)
    {
        var decoder = Load(name);
        if (decoder.ContextLength is not { } context)
        {
            Assert.Skip("This model has no limit.");
            return;
        }

        using var session = decoder.StartSession();
        session.Read(TestModels.Tokens(decoder, context - 1));
        session.Read(1);
        Assert.Equal(session.ContextLength, session.Length);
        Assert.Throws<ArgumentException>(() => session.Forward([1], Cancellation));
    }

    [Theory]
    [InlineData("transformer")]
    [InlineData("lstm")]
    [InlineData("SmolLM2")]
    public void The_number_of_threads_changes_no_bit(string name)
    {
        var two = Load(name);
        using var one = TestModels.Load(DirectoryOf(name), new OnnxLoadOptions { IntraOpThreads = 1 });
        var tokens = TestModels.Tokens(two, 70);
        using var a = one.StartSession();
        using var b = two.StartSession();
        Assert.Equal(a.Read(tokens), b.Read(tokens));
        Assert.Equal(a.ReadSteps(1, 2, 3, 4), b.ReadSteps(1, 2, 3, 4));
    }

    [Theory]
    [InlineData("transformer")]
    [InlineData("lstm")]
    [InlineData("feedforward")]
    [InlineData("SmolLM2")]
    public async Task Threads_that_spin_change_no_bit_and_several_runs_may_spin_at_once(string name)
    {
        var sleeping = Load(name);
        using var spinning = TestModels.Load(DirectoryOf(name), new OnnxLoadOptions { IntraOpThreads = 2, SpinInRuns = true });
        var tokens = TestModels.Tokens(sleeping, 70);
        using var session = sleeping.StartSession();
        var expected = (session.Read(tokens), session.ReadSteps(1, 2, 3, 4));
        var runs = Enumerable.Range(0, 3).Select(_ => Task.Run(
            () =>
            {
                using var own = spinning.StartSession();
                return (own.Read(tokens), own.ReadSteps(1, 2, 3, 4));
            },
            Cancellation));
        Assert.All(await Task.WhenAll(runs), actual =>
        {
            Assert.Equal(expected.Item1, actual.Item1);
            Assert.Equal(expected.Item2, actual.Item2);
        });
    }

    [Fact]
    public void Threads_never_spin_when_no_run_is_under_way()
    {
        Assert.False(new OnnxLoadOptions().SpinInRuns);
        foreach (var spins in (bool[])[false, true])
        {
            var settings = OnnxModelLoader.ThreadSettings(new OnnxLoadOptions { SpinInRuns = spins }).ToDictionary();
            Assert.Equal(spins ? "1" : "0", settings["session.intra_op.allow_spinning"]);
            Assert.Equal(spins, settings.GetValueOrDefault("session.force_spinning_stop") == "1");
        }
    }

    public void Dispose()
    {
        foreach (var decoder in _decoders)
            decoder.Dispose();
    }

    private OnnxDecoder Load(string name)
    {
        var decoder = TestModels.Load(DirectoryOf(name));
        _decoders.Add(decoder);
        return decoder;
    }

    private static string DirectoryOf(string name)
    {
        return name == "SmolLM2" ? SharedFiles.SmolLm2
            : TestModels.EmbeddedNames.Contains(name) ? TestFiles.Embedded(name)
            : TestFiles.Zoo(name);
    }
}
