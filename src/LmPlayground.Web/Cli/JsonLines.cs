using System.Text;
using System.Text.Json;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Web.Cli;

/// <summary>A line of input that cannot be used. The message says what is wrong with it.</summary>
internal sealed class JsonLineException(string message) : Exception(message);

/// <summary>Standard input as JSON objects, one a line.</summary>
internal static class JsonLines
{
    /// <summary>Calls <paramref name="use"/> with each object; empty lines are passed over.</summary>
    /// <exception cref="CommandLineException">A line is no JSON object or cannot be used: the message has its number and the reason.</exception>
    internal static async Task ForEachAsync(Action<JsonElement> use, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
        for (var number = 1; await reader.ReadLineAsync(cancellationToken) is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            try
            {
                using var document = JsonDocument.Parse(line);
                if (document.RootElement.ValueKind != JsonValueKind.Object)
                    throw new JsonLineException("a JSON object was expected.");
                use(document.RootElement);
            }
            catch (JsonException exception)
            {
                throw new CommandLineException($"line {number}: this is not valid JSON ({exception.Message})");
            }
            catch (Exception exception) when (exception is JsonLineException or SettingException or InvalidOperationException or InvalidLogitsException)
            {
                throw new CommandLineException($"line {number}: {exception.Message}");
            }
        }
    }
}
