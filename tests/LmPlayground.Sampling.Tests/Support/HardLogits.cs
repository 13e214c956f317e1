namespace LmPlayground.Sampling.Tests.Support;

/// <summary>Logits of the shapes that samplers get wrong: flat, peaked, tied, masked, tiny, huge, subnormal.</summary>
public static class HardLogits
{
    public static TheoryData<int> Seeds { get; } = [.. Enumerable.Range(0, 120)];

    public static float[] Make(int seed)
    {
        var random = new System.Random(seed);
        var size = (seed % 8) switch { 0 => 1, 1 => 2, 2 => random.Next(3, 20), 3 => 64, 4 => 65, 5 => 1000, 6 => 4096, _ => random.Next(2000, 6000) };
        var shape = seed / 8 % 10;
        return [.. Enumerable.Range(0, size).Select(_ => shape switch
        {
            0 => (float)Normal(random),
            1 => (float)(Normal(random) * 8),
            2 => 1.5f,
            3 => random.Next(4),
            4 => MathF.Round((float)Normal(random) * 4) / 4,
            5 => random.Next(3) == 0 ? float.NegativeInfinity : (float)Normal(random),
            6 => (float)(Normal(random) * 1e-40),
            7 => random.Next(2) == 0 ? 0f : -0f,
            8 => (float)(Normal(random) * 1e30),
            _ => (float)-Math.Log(1 - random.NextDouble()) - 5,
        }).Select((value, index) => index == size / 2 && float.IsNegativeInfinity(value) ? 0.25f : value)];
    }

    public static double Normal(System.Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
