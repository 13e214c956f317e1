using System.Runtime.InteropServices;
using System.Text.Json;
using LmPlayground.Sampling;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Tracing;

namespace LmPlayground.Web.Cli;

/// <summary>
/// One line of <c>trace</c>: <c>{"logits" | "logits_f32_base64", "history", "prompt_length", "chain": [{"stage", "value"}], "seed", "position"}</c>.
/// A stage's <c>value</c> is its first parameter; its others go by their names beside it.
/// </summary>
internal static class TraceLine
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Runs the chain of a line; returns the line to print.</summary>
    internal static string Run(JsonElement input)
    {
        var logits = Logits(input);
        var history = Integers(input, "history");
        var chainNames = new List<string>();
        var options = Options(input, chainNames);
        var promptLength = Integer(input, "prompt_length") ?? 0;
        if (promptLength < 0 || promptLength > history.Length)
            throw new JsonLineException($"\"prompt_length\" is {promptLength}, but the history has {history.Length} tokens.");
        if (Array.Exists(history, id => id < 0 || id >= logits.Length))
            throw new JsonLineException($"\"history\" has an id outside the {logits.Length} logits.");

        var seed = input.TryGetProperty("seed", out var given) ? Seed(given) : 0;
        var chain = new SamplerChain(options);
        var context = new SamplingContext(history, promptLength, seed, Integer(input, "position") ?? -1);
        chain.Run(logits, context);
        var draw = TokenSampler.Draw(chain.Candidates, seed, context.Position);
        return JsonSerializer.Serialize(new Output(Stages(chain, chainNames, logits), new Draw(draw.U, draw.Low, draw.High), draw.Id), Json);
    }

    private static StageOutput[] Stages(SamplerChain chain, List<string> names, float[] logits)
    {
        var removedBy = Enumerable.Range(0, logits.Length).Select(chain.RemovedBy).ToArray();
        var left = Enumerable.Range(0, logits.Length).Where(id => !float.IsNegativeInfinity(logits[id])).ToList();
        var entropy = chain.ModelEntropy;
        var outputs = new List<StageOutput>();
        foreach (var name in names)
        {
            // A stage whose value is neutral does not run: it passes on what it was given.
            StageTrace? trace = null;
            foreach (var ran in chain.Traces)
                trace = ran.Stage == name ? ran : trace;
            left.RemoveAll(id => removedBy[id] == name);
            outputs.Add(new StageOutput(
                name, left.Count, [.. left], trace?.RemovedMass ?? 0, trace?.EntropyBefore ?? entropy, trace?.EntropyAfter ?? entropy));
            entropy = outputs[^1].EntropyAfter;
        }

        return [.. outputs];
    }

    private static SamplingOptions Options(JsonElement input, List<string> names)
    {
        if (!input.TryGetProperty("chain", out var chain) || chain.ValueKind != JsonValueKind.Array)
            throw new JsonLineException("\"chain\" must be a list of {\"stage\", \"value\"}.");
        var options = new SamplingOptions();
        foreach (var link in chain.EnumerateArray())
        {
            var name = link.ValueKind == JsonValueKind.Object && link.TryGetProperty("stage", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
            var stage = SamplingStages.Find(name) ?? throw new JsonLineException(
                $"there is no stage '{name}'. Known are: {string.Join(", ", SamplingStages.All.Select(known => known.Name))}.");
            names.Add(stage.Name);
            for (var i = 0; i < stage.Parameters.Length; i++)
            {
                var parameter = stage.Parameters[i];
                var value = Number(link, parameter.Name) ?? (i == 0 ? Number(link, "value") : null);
                if (value is { } number)
                    options = options.With(parameter, number);
            }

            foreach (var texts in stage.Texts)
                options = options.With(texts, Texts(link, texts.Name) ?? []);
        }

        return options with { Order = new StageOrder([.. names]) };
    }

    private static float[] Logits(JsonElement input)
    {
        if (input.TryGetProperty("logits_f32_base64", out var packed))
        {
            if (packed.ValueKind != JsonValueKind.String || !packed.TryGetBytesFromBase64(out var bytes) || bytes.Length % sizeof(float) != 0)
                throw new JsonLineException("\"logits_f32_base64\" must be float32 values, little-endian, in base64.");
            return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        }

        if (!input.TryGetProperty("logits", out var list) || list.ValueKind != JsonValueKind.Array)
            throw new JsonLineException("give \"logits\" as a list, or \"logits_f32_base64\".");
        return [.. list.EnumerateArray().Select(Logit)];
    }

    // JSON has no infinities: they are written as text, as most writers do.
    private static float Logit(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetSingle(),
        JsonValueKind.String when value.GetString() is "-inf" or "-Infinity" => float.NegativeInfinity,
        JsonValueKind.String when value.GetString() is "inf" or "Infinity" => float.PositiveInfinity,
        JsonValueKind.String when value.GetString() is "nan" or "NaN" => float.NaN,
        JsonValueKind.Null => float.NegativeInfinity,
        _ => throw new JsonLineException("\"logits\" must be numbers, or \"-Infinity\"."),
    };

    private static int[] Integers(JsonElement input, string name)
    {
        if (!input.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null)
            return [];
        if (list.ValueKind != JsonValueKind.Array)
            throw new JsonLineException($"\"{name}\" must be a list of token ids.");
        return [.. list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var id)
            ? id
            : throw new JsonLineException($"\"{name}\" must be a list of token ids."))];
    }

    private static int? Integer(JsonElement input, string name)
    {
        if (!input.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0
            ? number
            : throw new JsonLineException($"\"{name}\" must be a whole number of at least 0.");
    }

    private static double? Number(JsonElement link, string name) =>
        link.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static ValueList<string>? Texts(JsonElement link, string name) =>
        link.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? ValueList.Create([.. list.EnumerateArray().Select(item => item.GetString() ?? "")])
            : null;

    private static ulong Seed(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out var seed)
        ? seed
        : throw new JsonLineException($"\"seed\" must be a whole number from 0 to {ulong.MaxValue}.");

    private sealed record Output(StageOutput[] Stages, Draw Draw, int Token);

    private sealed record StageOutput(string Stage, int Count, int[] Kept, double RemovedMass, double EntropyBefore, double EntropyAfter);

    private sealed record Draw(double U, double Low, double High);
}
