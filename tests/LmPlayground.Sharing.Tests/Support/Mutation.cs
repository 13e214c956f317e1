using System.Text;
using System.Text.Json.Nodes;

namespace LmPlayground.Sharing.Tests.Support;

/// <summary>Changes a document: its bytes, its length, or one value of it to another that JSON has.</summary>
internal static class Mutation
{
    private static readonly string[] Values =
        ["null", "0", "-1", "1e999", "-1e400", "0.5", "2147483648", "99999999999999999999", "\"\"", "\"\\ud800\"", "\"x\"", "[]", "{}", "true", "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]", "[1]"];

    internal static byte[] Of(byte[] bytes, Random random)
    {
        return random.Next(5) switch
        {
            0 => bytes[..random.Next(bytes.Length)],
            1 => Flipped(bytes, random),
            2 => [.. bytes[..(bytes.Length / 2)], .. bytes[(bytes.Length / 2 + random.Next(bytes.Length / 2))..]],
            _ => Replaced(bytes, random),
        };
    }

    private static byte[] Flipped(byte[] bytes, Random random)
    {
        var changed = bytes.ToArray();
        for (var i = 0; i <= random.Next(3); i++)
            changed[random.Next(changed.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)"0123456789.-,[]{}\":e"[random.Next(20)];
        return changed;
    }

    /// <summary>One value anywhere in the document, in its place or beside it, or a name of it.</summary>
    private static byte[] Replaced(byte[] bytes, Random random)
    {
        var root = JsonNode.Parse(bytes)!;
        var node = root;
        while (true)
        {
            var next = node switch
            {
                JsonObject { Count: > 0 } item => item.ElementAt(random.Next(item.Count)).Value,
                JsonArray { Count: > 0 } list => list[random.Next(list.Count)],
                _ => null,
            };
            if (next is null || (random.Next(4) == 0 && node != root))
                break;
            node = next;
        }

        const string Mark = "\"\\u0001mark\"";
        var value = Values[random.Next(Values.Length)];
        switch (node.Parent)
        {
            case JsonArray list when random.Next(3) == 0:
                list.RemoveAt(node.GetElementIndex());
                break;
            case JsonObject item when random.Next(4) == 0:
                item.Remove(node.GetPropertyName());
                break;
            case null:
                return Encoding.UTF8.GetBytes(value);
            default:
                node.ReplaceWith("\u0001mark");
                break;
        }

        return Encoding.UTF8.GetBytes(root.ToJsonString().Replace(Mark, value, StringComparison.Ordinal));
    }
}
