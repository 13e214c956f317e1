using LmPlayground.Demos;

namespace LmPlayground.Web.Operating;

/// <summary>What an operator names: a link, its id, or a hash of one or of a document.</summary>
internal sealed record DemoTarget
{
    private const string Before = "/d/";

    private DemoTarget(DemoId? id, Hash256 hash) => (Id, Hash) = (id, hash);

    /// <summary>The id; null where a hash was named.</summary>
    internal DemoId? Id { get; }

    /// <summary>The hash that was named, or that of the id.</summary>
    internal Hash256 Hash { get; }

    /// <summary>Reads an id, an address with one (of the page, its frame or a file), or a hash in hexadecimal.</summary>
    internal static DemoTarget? Read(string text)
    {
        if (Hash256.TryParse(text, out var hash))
            return new DemoTarget(null, hash);
        return DemoId.TryParse(IdIn(text), out var id) ? new DemoTarget(id, id.Hash) : null;
    }

    /// <summary>What <see cref="Read"/> reads.</summary>
    public override string ToString() => Id?.ToString() ?? Hash.ToString();

    private static string IdIn(string text)
    {
        var at = text.IndexOf(Before, StringComparison.Ordinal);
        if (at < 0)
            return text;
        var id = text[(at + Before.Length)..];
        return id.IndexOfAny(['/', '.', '?', '#']) is >= 0 and var end ? id[..end] : id;
    }
}
