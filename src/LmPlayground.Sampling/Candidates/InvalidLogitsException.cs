namespace LmPlayground.Sampling.Candidates;

/// <summary>Logits from which nothing can be drawn: NaN, +infinity, or no finite one at all.</summary>
public sealed class InvalidLogitsException : Exception
{
    /// <summary>The name for logits as the model gave them, before any stage.</summary>
    public const string ModelStage = "model";

    /// <summary>Says which stage left such logits, and what is wrong with them.</summary>
    public InvalidLogitsException(string stage, string reason)
        : base(stage == ModelStage
            ? $"The model gave logits that nothing can be drawn from: {reason}."
            : $"After the stage '{stage}' nothing can be drawn: {reason}.") =>
        Stage = stage;

    /// <summary>The stage after which the logits were found to be invalid; <see cref="ModelStage"/> for the model's own.</summary>
    public string Stage { get; }
}
