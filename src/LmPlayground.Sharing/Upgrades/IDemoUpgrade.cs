using System.Text.Json.Nodes;

namespace LmPlayground.Sharing.Upgrades;

/// <summary>One step from a version of the document to the next: every past version stays readable by going through all of them.</summary>
internal interface IDemoUpgrade
{
    /// <summary>The version that it reads; it gives the one after it.</summary>
    int From { get; }

    /// <summary>The document in the next version.</summary>
    JsonObject Upgrade(JsonObject document);
}
