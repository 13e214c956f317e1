using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Generation.Search;

/// <summary>The settings of best-of-n: several seeded samples, of which the likeliest are returned. Equal settings are equal records.</summary>
public sealed record BestOfOptions
{
    /// <summary>The most samples: where they part, each has a key-value cache of its own.</summary>
    public const int MaxSamples = 1024;

    /// <summary>How many samples are drawn: 1 to <see cref="MaxSamples"/>.</summary>
    public int Count { get; init; } = 4;

    /// <summary>How many of them are returned, best first: 1 to <see cref="Count"/>.</summary>
    public int NumReturnSequences { get; init; } = 1;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="SettingException">One is wrong; the message names it and its range.</exception>
    public void Validate()
    {
        if (Count is < 1 or > MaxSamples)
            throw new SettingException("best_of.range", $"best_of must be from 1 to {MaxSamples}, not {Count}.");
        if (NumReturnSequences < 1 || NumReturnSequences > Count)
            throw new SettingException("best_of.returned", $"num_return_sequences must be from 1 to best_of ({Count}), not {NumReturnSequences}.");
    }
}
