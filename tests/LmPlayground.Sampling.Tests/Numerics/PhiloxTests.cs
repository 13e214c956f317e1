using LmPlayground.Sampling.Random;

namespace LmPlayground.Sampling.Tests.Numerics;

public class PhiloxTests
{
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Gives_the_known_answers_of_Random123(
        uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint x0, uint x1, uint x2, uint x3) =>
        Assert.Equal((x0, x1, x2, x3), Philox4x32.Block(c0, c1, c2, c3, k0, k1));

    [Fact]
    public void A_uniform_number_is_made_of_the_first_two_words()
    {
        const ulong seed = 0x299f31d0a4093822;
        const ulong position = 0x85a308d3243f6a88;
        var (x0, x1, _, _) = Philox4x32.Block(0x243f6a88, 0x85a308d3, 0, 3, 0xa4093822, 0x299f31d0);
        var expected = Math.ScaleB(x0 >> 0, -32) + Math.ScaleB(x1 >> 11, -53);
        Assert.Equal(expected, Philox4x32.Uniform(seed, position, RandomPurpose.Token, 3));
    }

    [Fact]
    public void Purposes_positions_and_seeds_give_different_numbers()
    {
        var numbers = new HashSet<double>();
        for (ulong seed = 0; seed < 20; seed++)
        {
            for (ulong position = 0; position < 50; position++)
            {
                Assert.True(numbers.Add(Philox4x32.Uniform(seed, position, RandomPurpose.Token)));
                Assert.True(numbers.Add(Philox4x32.Uniform(seed, position, RandomPurpose.Xtc)));
            }
        }

        Assert.All(numbers, number => Assert.InRange(number, 0, 1 - Math.ScaleB(1, -53)));
    }
}
