namespace LmPlayground.Benchmarks.Reporting;

/// <summary>The last line of a benchmark, for programs: <c>RESULT name=value ...</c>.</summary>
internal static class Result
{
    internal static void Write(TextWriter output, params (string Name, string Value)[] values) =>
        output.WriteLine("RESULT " + string.Join(' ', values.Select(value => $"{value.Name}={value.Value}")));
}
