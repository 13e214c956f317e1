using LmPlayground.Tokenizers.Files;
using LmPlayground.Tokenizers.Text;

namespace LmPlayground.Tokenizers.Reading;

/// <summary>Reads a <c>pattern</c>: <c>{"String": ...}</c> or <c>{"Regex": ...}</c>.</summary>
internal static class PatternReader
{
    public static TextPattern Read(JsonSource source)
    {
        if (source.Optional("String") is { } literal)
            return TextPattern.Literal(literal.AsString());
        var expression = source.Optional("Regex") ?? throw source.Wrong("\"String\" or \"Regex\" was expected");
        try
        {
            return TextPattern.Expression(expression.AsString());
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw expression.Wrong($"this regular expression cannot be used: {e.Message}");
        }
    }
}
