using System.Text.Json;

namespace LmPlayground.Tokenizers.Files;

/// <summary>Reads values that are good to know and not needed: one that cannot be used is a notice and not the end of a load.</summary>
internal sealed class UsableValues
{
    private readonly List<string> _notices = [];

    /// <summary>What could not be used, in whole sentences.</summary>
    public IReadOnlyList<string> Notices => _notices;

    /// <summary>A member that holds others, or null, with a notice where it is something else.</summary>
    public JsonSource? Member(JsonSource? owner, string name) =>
        Read(owner?.Optional(name), value => value.Kind == JsonValueKind.Object ? (JsonSource?)value : throw value.Wrong("a JSON object was expected"));

    /// <summary>What a file says, or the type's default, with a notice, where that cannot be used.</summary>
    public T? Read<T>(JsonSource? stated, Func<JsonSource, T> read)
    {
        if (stated is not { } value)
            return default;
        try
        {
            return read(value);
        }
        catch (ModelLoadException e)
        {
            var notice = $"{Path.GetFileName(e.File)}: {e.Reason.TrimEnd('.')}; it is not used.";
            if (!_notices.Contains(notice))
                _notices.Add(notice);
            return default;
        }
    }
}
