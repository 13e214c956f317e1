using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>Lowers the logit of every token of the output by the penalty times the number of times it came (OpenAI, vLLM). The prompt does not count.</summary>
public sealed class FrequencyPenaltyStage() : OutputPenaltyStage(Penalty, perOccurrence: true)
{
    internal const string StageName = "frequency_penalty";

    /// <summary>What is subtracted for each time.</summary>
    public static readonly NumberParameter Penalty = Declare(
        StageName, "Frequency penalty",
        "Above 0 makes tokens less likely the more often they came in the generated text, below 0 more likely. 0 is off.");
}
