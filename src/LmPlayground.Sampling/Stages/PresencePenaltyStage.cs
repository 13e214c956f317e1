using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>Lowers the logit of every token of the output by the penalty, however often it came (OpenAI, vLLM). The prompt does not count.</summary>
public sealed class PresencePenaltyStage() : OutputPenaltyStage(Penalty, perOccurrence: false)
{
    internal const string StageName = "presence_penalty";

    /// <summary>What is subtracted.</summary>
    public static readonly NumberParameter Penalty = Declare(
        StageName, "Presence penalty",
        "Above 0 makes tokens of the generated text less likely to come again, below 0 more likely. 0 is off.");
}
