using LmPlayground.Benchmarks.Reporting;

namespace LmPlayground.Benchmarks.Decode;

/// <summary>What the two loops took, turn by turn, and what the engine left to the garbage collector.</summary>
internal sealed class DecodeComparison
{
    /// <summary>Seconds a token of the bare loop.</summary>
    internal Samples Bare { get; } = new();

    /// <summary>Seconds a token of the engine.</summary>
    internal Samples Engine { get; } = new();

    /// <summary>Collections of the oldest generation while both ran.</summary>
    internal int Collections { get; set; }

    /// <summary>Bytes a token that the engine allocates besides the step itself.</summary>
    internal double Garbage { get; set; }

    /// <summary>Bytes that a step takes, all that only it refers to included.</summary>
    internal double Retained { get; set; }

    internal void Report(TextWriter output)
    {
        var pairs = new Samples();
        for (var turn = 0; turn < Bare.Count; turn++)
            pairs.Add(Bare[turn] / Engine[turn]);
        var table = new Table($"{Bare.Count} turns", "tokens/s", "median ms/token", "lower quartile", "upper quartile");
        Add(table, "bare ONNX Runtime loop", Bare);
        Add(table, "engine, all traces, top 50", Engine);
        table.WriteTo(output);
        var ratio = Bare.Median / Engine.Median;
        output.WriteLine($"engine / bare: {Table.Number(ratio, 3)} by medians, {Table.Number(pairs.Median, 3)} median of pairs (quartiles {Table.Number(pairs.Quantile(0.25), 3)} to {Table.Number(pairs.Quantile(0.75), 3)})");
        output.WriteLine($"allocated: {Table.Number(Garbage)} bytes a token besides the step itself, which takes {Table.Number(Retained)}; {Collections} collections of generation 2");
        output.WriteLine();
        Result.Write(
            output,
            ("ratio", Table.Number(ratio, 4)),
            ("pair_ratio", Table.Number(pairs.Median, 4)),
            ("engine_tokens_per_second", Table.Number(1 / Engine.Median, 2)),
            ("bare_tokens_per_second", Table.Number(1 / Bare.Median, 2)),
            ("bytes_per_token", Table.Number(Garbage)),
            ("gen2_collections", Table.Number(Collections)));
    }

    private static void Add(Table table, string name, Samples seconds) => table.Add(
        name,
        Table.Number(1 / seconds.Median, 1),
        Table.Number(1000 * seconds.Median, 3),
        Table.Number(1000 * seconds.Quantile(0.25), 3),
        Table.Number(1000 * seconds.Quantile(0.75), 3));
}
