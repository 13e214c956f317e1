using System.Collections.Immutable;
using System.Globalization;
using LmPlayground.Models;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Making;

namespace LmPlayground.Sharing.Replaying;

/// <summary>What decides bits and is another one here than where a demo was made.</summary>
internal static class DemoCauses
{
    /// <summary>What differs of a model.</summary>
    internal static IEnumerable<DemoCause> Of(DemoModel recorded, ModelCard card, bool wasBatched, bool isBatched)
    {
        var here = ModelTable.Describe(card);
        IEnumerable<(string What, string Recorded, string Here)> pairs =
        [
            ("model", recorded.ContentHash, here.ContentHash),
            ("tokenizer", recorded.TokenizerHash, here.TokenizerHash),
        ];

        // Only where the model says so does it matter what is read together.
        return Differences(card.ReproductionCaveat is null ? pairs : pairs.Append(("batch", wasBatched ? "batched" : "lone", isBatched ? "batched" : "lone")))
            .Select(cause => cause with { Model = recorded.Name });
    }

    /// <summary>What differs of the machine and its programs.</summary>
    internal static IEnumerable<DemoCause> Of(DemoEnvironment recorded, DemoEnvironment here) => Differences(
    [
        ("prompt_chunk", Text(recorded.PromptChunk), Text(here.PromptChunk)),
        ("graph_rewriting", Text(recorded.GraphRewriting), Text(here.GraphRewriting)),
        ("execution_provider", recorded.ExecutionProvider, here.ExecutionProvider),
        ("onnx_runtime", recorded.OnnxRuntime, here.OnnxRuntime),
        ("architecture", recorded.Architecture, here.Architecture),
        ("processor_features", Text(recorded.ProcessorFeatures), Text(here.ProcessorFeatures)),
        ("playground", recorded.Playground, here.Playground),
        ("runtime", recorded.Runtime, here.Runtime),
        ("operating_system", recorded.OperatingSystem, here.OperatingSystem),
    ]);

    private static IEnumerable<DemoCause> Differences(IEnumerable<(string What, string Recorded, string Here)> pairs) =>
        pairs.Where(pair => pair.Recorded != pair.Here).Select(pair => new DemoCause(pair.What, pair.Recorded, pair.Here));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(ImmutableArray<string> names) => string.Join(' ', names);
}
