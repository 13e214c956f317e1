using System.Globalization;
using System.Text;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Inspection;

namespace LmPlayground.Web.Viewing;

/// <summary>A demo as a table, one row a token (RFC 4180). A text that a spreadsheet would take for a formula gets a quote before it.</summary>
internal static class DemoCsv
{
    private static readonly string[] Columns =
        ["run", "index", "position", "id", "text", "probability", "sampled_probability", "rank", "surprisal_bits", "entropy_bits", "u", "draw_low", "draw_high", "drawn_id", "forced"];

    /// <summary>The table, with a heading.</summary>
    internal static string Write(SharedDemo demo)
    {
        var csv = new StringBuilder();
        csv.AppendJoin(',', Columns).Append("\r\n");
        foreach (var run in demo.Runs)
        {
            var index = 0;
            foreach (var step in DemoTokens.Of(demo, run))
            {
                object[] cells =
                [
                    Text(run.Id), ++index, step.Position, step.Id, Text(step.Text.Length > 0 ? step.Text : step.Display), step.Probability, step.SampledProbability,
                    step.Rank, step.Surprisal, step.Entropy, step.Draw.U, step.Draw.Low, step.Draw.High, step.Draw.Id, step.IsForced ? 1 : 0,
                ];
                csv.AppendJoin(',', cells.Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture))).Append("\r\n");
            }
        }

        return csv.ToString();
    }

    private static string Text(string text)
    {
        var guarded = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text;
        return $"\"{guarded.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
