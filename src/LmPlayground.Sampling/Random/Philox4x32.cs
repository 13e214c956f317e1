namespace LmPlayground.Sampling.Random;

/// <summary>
/// Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011): a random number is a pure function of a key and a counter, so any draw of any
/// run can be made again without those before it, on every machine and every version of .NET.
/// </summary>
public static class Philox4x32
{
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>Four random words for a counter of four words and a key of two.</summary>
    public static (uint X0, uint X1, uint X2, uint X3) Block(uint c0, uint c1, uint c2, uint c3, uint key0, uint key1)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var product0 = (ulong)Multiplier0 * c0;
            var product1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = (
                (uint)(product1 >> 32) ^ c1 ^ key0, (uint)product1,
                (uint)(product0 >> 32) ^ c3 ^ key1, (uint)product0);
            key0 += Weyl0;
            key1 += Weyl1;
        }

        return (c0, c1, c2, c3);
    }

    /// <summary>A uniform number in [0, 1) with 53 random bits.</summary>
    /// <param name="seed">The key.</param>
    /// <param name="position">The position of the token that it is for.</param>
    /// <param name="purpose">What it is for: different purposes are independent.</param>
    /// <param name="draw">Which of several draws at the position.</param>
    public static double Uniform(ulong seed, ulong position, RandomPurpose purpose, uint draw = 0)
    {
        var (x0, x1, _, _) = Block((uint)position, (uint)(position >> 32), (uint)purpose, draw, (uint)seed, (uint)(seed >> 32));
        return ((((ulong)x0 << 32) | x1) >> 11) * (1.0 / (1UL << 53));
    }
}
