using System.Globalization;

namespace LmPlayground.Benchmarks.Reporting;

/// <summary>A table in plain text: the first column to the left, numbers to the right.</summary>
internal sealed class Table(params string[] headings)
{
    private readonly List<string[]> _rows = [headings];

    /// <summary>Adds a row; numbers are given as they are to be read.</summary>
    internal void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>Writes the rows with columns as wide as their widest cell, and an empty line.</summary>
    internal void WriteTo(TextWriter output)
    {
        var widths = Enumerable.Range(0, headings.Length).Select(column => _rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in _rows)
        {
            var cells = row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]));
            output.WriteLine(string.Join("  ", cells));
        }

        output.WriteLine();
    }

    /// <summary>A number with a fixed number of decimals, the same everywhere.</summary>
    internal static string Number(double value, int decimals = 0) => value.ToString("F" + decimals, CultureInfo.InvariantCulture);
}
