using System.Text.Json;
using System.Text.Json.Nodes;

namespace LmPlayground.Recorded.Tests;

/// <summary>Compares what was recorded with what comes out now.</summary>
internal static class Difference
{
    /// <summary>Logits differ in their last bits from processor to processor.</summary>
    private const double Tolerance = 2e-3;

    /// <summary>The first difference with the place where it is, or null. Members of an object may be in any order; one that begins with "about" is not compared.</summary>
    internal static string? Of(JsonNode? expected, JsonNode? actual, string place = "$") => (expected, actual) switch
    {
        (JsonObject left, JsonObject right) => OfMembers(left, right, place),
        (JsonArray left, JsonArray right) => OfItems(left, right, place),
        (JsonValue left, JsonValue right) when IsFraction(left) || IsFraction(right) => OfNumbers(left, right, place),
        _ => JsonNode.DeepEquals(expected, actual) ? null : Say(expected, actual, place),
    };

    private static string? OfMembers(JsonObject left, JsonObject right, string place) =>
        left.Select(member => member.Key).Union(right.Select(member => member.Key))
            .Where(name => !name.StartsWith("about", StringComparison.Ordinal))
            .Select(name => left.ContainsKey(name) && right.ContainsKey(name)
                ? Of(left[name], right[name], $"{place}.{name}")
                : $"{place}.{name} is only in what {(left.ContainsKey(name) ? "was recorded" : "comes out now")}")
            .FirstOrDefault(difference => difference is not null);

    private static string? OfItems(JsonArray left, JsonArray right, string place) =>
        left.Count != right.Count
            ? Say(left, right, place)
            : left.Select((item, index) => Of(item, right[index], $"{place}[{index}]")).FirstOrDefault(difference => difference is not null);

    private static string? OfNumbers(JsonValue left, JsonValue right, string place)
    {
        if (left.GetValueKind() != JsonValueKind.Number || right.GetValueKind() != JsonValueKind.Number)
            return Say(left, right, place);
        var (one, other) = (left.GetValue<double>(), right.GetValue<double>());
        return Math.Abs(one - other) <= Tolerance * Math.Max(1, Math.Abs(one)) ? null : Say(left, right, place);
    }

    private static bool IsFraction(JsonValue value) =>
        value.GetValueKind() == JsonValueKind.Number && value.ToJsonString().AsSpan().IndexOfAny('.', 'e', 'E') >= 0;

    private static string Say(JsonNode? expected, JsonNode? actual, string place) =>
        $"{place}: expected {expected?.ToJsonString() ?? "null"}, actual {actual?.ToJsonString() ?? "null"}";
}
