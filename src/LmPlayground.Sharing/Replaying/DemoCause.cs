using LmPlayground.Runs.Messages;

namespace LmPlayground.Sharing.Replaying;

/// <summary>Something that decides bits and is another one here.</summary>
/// <param name="What">What it is: "model", "tokenizer", "onnx_runtime", "processor_features".</param>
/// <param name="Recorded">What it was there.</param>
/// <param name="Here">What it is here.</param>
public sealed record DemoCause(string What, string Recorded, string Here)
{
    private const int HashLength = 12;

    /// <summary>The model that it is said of; null for what all runs share.</summary>
    public string? Model { get; init; }

    /// <summary>The same for people.</summary>
    public Message Sentence => What switch
    {
        "model" => Message.Of(
            "cause.model", $"The files of {Model} are others: the hash of their contents begins with {Short(Recorded)} there and {Short(Here)} here."),
        "tokenizer" => Message.Of(
            "cause.tokenizer", $"The tokenizer of {Model} is another one: its hash begins with {Short(Recorded)} there and {Short(Here)} here."),
        "batch" => Message.Of(
            "cause.batch", $"{Model} gives other numbers in a batch than alone; it ran {Batch(Recorded)} there and {Batch(Here)} here."),
        "prompt_chunk" => Message.Of(
            "cause.prompt_chunk", $"The prompt is read in other pieces: {Recorded} tokens at once there, {Here} here."),
        "graph_rewriting" => Message.Of(
            "cause.graph_rewriting", $"The model's graph is rewritten in another way: version {Recorded} there, {Here} here (0 is none)."),
        "execution_provider" => Message.Of("cause.execution_provider", $"It is computed on something else: {Recorded} there, {Here} here."),
        "onnx_runtime" => Message.Of("cause.onnx_runtime", $"ONNX Runtime, which computes the model, is another version: {Recorded} there, {Here} here."),
        "architecture" => Message.Of("cause.architecture", $"The processor is of another kind: {Recorded} there, {Here} here."),
        "processor_features" => Message.Of(
            "cause.processor_features", $"The processor can do other things, by which the fastest way to compute is chosen: {Known(Recorded)} there, {Known(Here)} here."),
        "playground" => Message.Of("cause.playground", $"The playground is another version: {Known(Recorded)} there, {Known(Here)} here."),
        "runtime" => Message.Of("cause.runtime", $".NET is another version: {Recorded} there, {Here} here."),
        "operating_system" => Message.Of("cause.operating_system", $"The operating system is another one: {Recorded} there, {Here} here."),
        _ => Message.Of("cause.other", $"{What}: {Known(Recorded)} there, {Known(Here)} here."),
    };

    private static string Short(string hash) => hash.Length > HashLength ? hash[..HashLength] : Known(hash);

    private static string Known(string value) => value.Length > 0 ? value : "–";

    private static Message Batch(string value) =>
        value == "lone" ? Message.Of("cause.batch.lone", $"alone") : Message.Of("cause.batch.batched", $"in a batch");
}
