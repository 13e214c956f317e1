using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace LmPlayground.Sharing.Upgrades;

/// <summary>The steps from the first version to the newest one. A new version is one class here and one line in <see cref="All"/>.</summary>
internal static class DemoUpgrades
{
    /// <summary>One step for each past version, in order.</summary>
    internal static readonly ImmutableArray<IDemoUpgrade> All = [];

    /// <summary>A document of a past version in the newest one.</summary>
    internal static JsonObject Upgrade(JsonObject document, int version) =>
        All.Where(step => step.From >= version).Aggregate(document, (current, step) => step.Upgrade(current));
}
