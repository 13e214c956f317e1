using System.Text.Json;

namespace LmPlayground.Models.Tests.Onnx;

/// <summary>One case of a <c>reference.json</c>: what PyTorch or ONNX Runtime's Python package gave.</summary>
internal sealed record ReferenceCase(string Prompt, int[] Ids, float[][] Logits, int[] Argmax, int[] Greedy, (int Id, float Logit)[] LastTop, double[] Margins)
{
    public static List<ReferenceCase> Read(string directory)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(directory, "reference.json")));
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(c => new ReferenceCase(
            c.GetProperty("prompt").GetString()!,
            Integers(c, "ids"),
            c.TryGetProperty("logits", out var logits) ? [.. logits.EnumerateArray().Select(row => row.EnumerateArray().Select(v => v.GetSingle()).ToArray())] : [],
            Integers(c, "argmax"),
            Integers(c, "greedy"),
            c.TryGetProperty("last_logits_top10", out var top) ? [.. top.EnumerateArray().Select(t => (t[0].GetInt32(), t[1].GetSingle()))] : [],
            c.TryGetProperty("greedy_margin", out var margins) ? [.. margins.EnumerateArray().Select(m => m.GetDouble())] : []))];
    }

    private static int[] Integers(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var values) ? [.. values.EnumerateArray().Select(v => v.GetInt32())] : [];
}
