using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Generation.Search;

/// <summary>The settings of beam search, with the names, defaults and meaning of Hugging Face transformers 4.57. Equal settings are equal records.</summary>
public sealed record BeamSearchOptions
{
    /// <summary>The most beams: each has a key-value cache of its own.</summary>
    public const int MaxBeams = 1024;

    /// <summary>How many sequences are followed at the same time, all groups together: 1 to <see cref="MaxBeams"/>. 1 is greedy decoding.</summary>
    public int NumBeams { get; init; } = 4;

    /// <summary>
    /// A sequence's score is the sum of its tokens' scores divided by length^this: above 0 favours long sequences (the sums are negative),
    /// below 0 short ones, 0 leaves the sum as it is. Any finite number.
    /// </summary>
    public double LengthPenalty { get; init; } = 1;

    /// <summary>When the search ends.</summary>
    public EarlyStopping EarlyStopping { get; init; } = EarlyStopping.Heuristic;

    /// <summary>How many sequences are returned, best first: 1 to <see cref="NumBeams"/>.</summary>
    public int NumReturnSequences { get; init; } = 1;

    /// <summary>Into how many groups the beams are divided (diverse beam search): 1, or a divisor of <see cref="NumBeams"/>.</summary>
    public int NumBeamGroups { get; init; } = 1;

    /// <summary>
    /// What a token's score loses for each beam of an earlier group that took the same token at the same step (Hamming diversity,
    /// Vijayakumar et al. 2018, arXiv:1610.02424): above 0 with several groups, 0 with one.
    /// </summary>
    public double DiversityPenalty { get; init; }

    /// <summary>Checks the ranges and what depends on each other.</summary>
    /// <exception cref="SettingException">One is wrong; the message names it and its range.</exception>
    public void Validate()
    {
        if (NumBeams is < 1 or > MaxBeams)
            throw new SettingException("beams.count", $"num_beams must be from 1 to {MaxBeams}, not {NumBeams}.");
        if (!double.IsFinite(LengthPenalty))
            throw new SettingException("beams.length_penalty", $"length_penalty must be a finite number.");
        if (!Enum.IsDefined(EarlyStopping))
            throw new SettingException("beams.early_stopping", $"early_stopping must be true, false or never.");
        if (NumReturnSequences < 1 || NumReturnSequences > NumBeams)
            throw new SettingException("beams.returned", $"num_return_sequences must be from 1 to num_beams ({NumBeams}), not {NumReturnSequences}.");
        if (NumBeamGroups < 1 || NumBeams % NumBeamGroups != 0)
            throw new SettingException("beams.groups", $"num_beam_groups must divide num_beams ({NumBeams}), and {NumBeamGroups} does not.");
        if (!double.IsFinite(DiversityPenalty) || DiversityPenalty < 0)
            throw new SettingException("beams.diversity", $"diversity_penalty must be 0 or more.");
        if (NumBeamGroups > 1 && DiversityPenalty == 0)
            throw new SettingException("beams.diversity_needed", $"diversity_penalty must be above 0 with several groups: without it every group finds the same sequences.");
        if (NumBeamGroups == 1 && DiversityPenalty > 0)
            throw new SettingException("beams.diversity_groups", $"diversity_penalty needs num_beam_groups of 2 or more: it compares groups.");
    }
}

/// <summary>When beam search ends: the values of transformers' <c>early_stopping</c>.</summary>
public enum EarlyStopping
{
    /// <summary><c>false</c>: when the best live beam, at the length it has now, scores no better than the worst of as many finished ones as there are beams.</summary>
    Heuristic,

    /// <summary><c>true</c>: as soon as there are as many finished sequences as beams.</summary>
    WhenFull,

    /// <summary><c>"never"</c>: as <see cref="Heuristic"/>, but the best live beam is judged at the greatest length it can reach, which a positive length penalty may still make it worth.</summary>
    Never,
}
