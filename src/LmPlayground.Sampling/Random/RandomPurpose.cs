namespace LmPlayground.Sampling.Random;

/// <summary>What a random number is for. Numbers for different purposes are independent; the values are part of every shared link and never change.</summary>
public enum RandomPurpose : uint
{
    /// <summary>The draw of the token.</summary>
    Token = 0,

    /// <summary>Whether XTC acts at this position.</summary>
    Xtc = 1,

    /// <summary>The draws by which a step's probabilities are checked; the place in the series is the draw's number.</summary>
    EmpiricalCheck = 2,
}
