using System.Globalization;
using System.Text;

namespace LmPlayground.Web.Cli;

/// <summary>A terminal to which a stranger's text is shown, not sent: control characters and what turns the direction of text are written as escapes. A carriage return would write over the line; only Windows ends lines with one.</summary>
/// <param name="terminal">The terminal.</param>
internal sealed class TerminalWriter(TextWriter terminal) : TextWriter(CultureInfo.InvariantCulture)
{
    /// <inheritdoc/>
    public override Encoding Encoding => terminal.Encoding;

    /// <summary>The text with everything visible but line ends and tabs.</summary>
    internal static string Visible(string text) => text.Any(IsHidden)
        ? string.Concat(text.Select(c => IsHidden(c) ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : c.ToString()))
        : text;

    /// <summary>A name on one line: line ends and tabs are visible too.</summary>
    internal static string Name(string name) => Visible(name.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal));

    /// <inheritdoc/>
    public override void Write(char value) => terminal.Write(IsHidden(value) ? Visible(value.ToString()) : value.ToString());

    /// <inheritdoc/>
    public override void Write(string? value) => terminal.Write(value is null ? null : Visible(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override Task WriteAsync(string? value)
    {
        Write(value);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Flush() => terminal.Flush();

    /// <inheritdoc/>
    public override Task FlushAsync() => terminal.FlushAsync();

    private static bool IsHidden(char c) => (char.IsControl(c) && c is not ('\n' or '\t') && !(c is '\r' && OperatingSystem.IsWindows()))
        || c is '\u2028' or '\u2029' or '\u200e' or '\u200f' or '\u061c' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
