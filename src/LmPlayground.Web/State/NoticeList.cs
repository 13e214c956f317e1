using System.Collections.Immutable;

namespace LmPlayground.Web.State;

/// <summary>What a page has to say to its reader: the latest few, none of them twice.</summary>
internal sealed class NoticeList
{
    private const int Most = 4;

    /// <summary>The notices, the latest last.</summary>
    internal ImmutableList<string> Items { get; private set; } = [];

    internal void Add(string notice)
    {
        Items = Items.Remove(notice).Add(notice);
        if (Items.Count > Most)
            Items = Items.RemoveAt(0);
    }

    internal void Dismiss(string notice) => Items = Items.Remove(notice);
}
