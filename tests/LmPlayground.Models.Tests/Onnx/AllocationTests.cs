namespace LmPlayground.Models.Tests.Onnx;

public sealed class AllocationTests(ITestOutputHelper output)
{
    private const int Steps = 64;

    [Theory]
    [InlineData("transformer")]
    [InlineData("SmolLM2")]
    [InlineData("lstm")]
    [InlineData("feedforward")]
    public void One_token_steps_allocate_next_to_nothing(string name)
    {
        using var decoder = TestModels.Load(name == "SmolLM2" ? SharedFiles.SmolLm2 : TestFiles.Embedded(name));
        using var session = decoder.StartSession();
        session.Read(1, 2, 3);
        int[] token = [5];

        // The first steps compile code and make room for 128 positions.
        for (var i = 0; i < 80; i++)
            session.Forward(token, TestModels.Cancellation);
        session.RewindTo(session.NearestRewind(66));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Steps; i++)
            session.Forward(token, TestModels.Cancellation);
        var perToken = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Steps;
        output.WriteLine($"{name}: {perToken:F0} bytes a token");
        Assert.InRange(perToken, 0, 128);
    }
}
