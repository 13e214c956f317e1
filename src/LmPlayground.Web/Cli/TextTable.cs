using System.Globalization;

namespace LmPlayground.Web.Cli;

/// <summary>A table in plain text: the first column to the left, numbers to the right.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> _rows = [headings];

    internal void Add(params string[] cells) => _rows.Add(cells);

    internal async Task WriteAsync(TextWriter output)
    {
        var widths = Enumerable.Range(0, headings.Length).Select(column => _rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in _rows)
        {
            var cells = row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]));
            await output.WriteAsync(string.Join("  ", cells).TrimEnd() + "\n");
        }
    }

    /// <summary>A number for people, the same in every culture; a dash for none.</summary>
    internal static string Number(double? value, int decimals = 3) => value switch
    {
        null => "-",
        double.PositiveInfinity => "infinite",
        _ when value == Math.Floor(value.Value) && decimals == 0 => value.Value.ToString("F0", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("F" + decimals, CultureInfo.InvariantCulture),
    };
}
