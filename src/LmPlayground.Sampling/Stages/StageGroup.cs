namespace LmPlayground.Sampling.Stages;

/// <summary>What a stage does, in the order in which stages usually run.</summary>
public enum StageGroup
{
    /// <summary>Adds what the user says to the logits of named tokens.</summary>
    Bias,

    /// <summary>Lowers the logits of tokens that came before.</summary>
    Penalty,

    /// <summary>Bans tokens whatever their probability.</summary>
    Constraint,

    /// <summary>Sharpens or flattens the whole distribution.</summary>
    Temperature,

    /// <summary>Removes tokens by their probability.</summary>
    Truncation,

    /// <summary>Removes tokens by their probability, with a threshold that follows what was drawn.</summary>
    Adaptive,
}
