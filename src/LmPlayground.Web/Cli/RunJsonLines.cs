using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using LmPlayground.Generation;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Web.Cli;

/// <summary>A run as JSON lines: one object a token, then one of the whole run.</summary>
internal static class RunJsonLines
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new FinishReasonConverter() },
    };

    internal static string Line(TokenStep step) => JsonSerializer.Serialize(Record(step), Json);

    internal static Token Record(TokenStep step) => new(
        step.Position, step.Id, step.Text, step.Logit, step.Probability, step.SampledProbability, step.Rank, step.Surprisal, step.Entropy,
        [.. step.Stages.Select(stage => new Stage(stage.Stage, stage.Kept, stage.RemovedMass, stage.EntropyBefore, stage.EntropyAfter))],
        new Draw(step.Draw.U, step.Draw.Low, step.Draw.High),
        [.. step.Top.Select(top => new Candidate(top.Id, top.Text, top.Logit, top.Probability, top.SampledProbability, top.RemovedBy))],
        step.Stop);

    internal static string Line(GenerationSummary summary) => JsonSerializer.Serialize(
        new Summary(
            summary.FinishReason, summary.Seed, summary.Text, summary.PromptTokens, summary.NewTokens,
            summary.TokensPerSecond, summary.TimeToFirstToken.TotalMilliseconds, summary.Stop),
        Json);

    internal sealed record Token(
        int Position, int Id, string Text, double Logit, double Probability, double SampledProbability, int Rank, double Surprisal,
        double Entropy, Stage[] Stages, Draw Draw, Candidate[] Top,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] StopPoint? Stop);

    internal sealed record Stage(
        [property: JsonPropertyName("stage")] string Name, int Kept, double RemovedMass, double EntropyBefore, double EntropyAfter);

    internal sealed record Draw(double U, double Low, double High);

    internal sealed record Candidate(int Id, string Text, double Logit, double Probability, double SampledProbability, string? RemovedBy);

    private sealed record Summary(
        FinishReason FinishReason, ulong Seed, string Text, int PromptTokens, int NewTokens, double TokensPerSecond, double TimeToFirstTokenMs,
        StopPoint? Stop);
}
