using System.Collections.Immutable;

namespace LmPlayground.Web.Components.Viewing;

/// <summary>A demo in the gallery.</summary>
/// <param name="Id">Its id in addresses.</param>
/// <param name="Title">Its title, or empty.</param>
/// <param name="Sentence">What it shows, or empty.</param>
/// <param name="Beginning">How it begins; null where it cannot be read.</param>
public sealed record GalleryCard(string Id, string Title, string Sentence, DemoBeginning? Beginning);

/// <summary>A part of the gallery.</summary>
/// <param name="Name">Its name: "history".</param>
/// <param name="Cards">Its demos, in their order.</param>
public sealed record GalleryGroup(string Name, ImmutableArray<GalleryCard> Cards);

/// <summary>What the gallery says to whoever has tried to change it.</summary>
/// <param name="Link">The link that was given.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="Sentence">Why nothing was changed.</param>
public sealed record GalleryRefusal(string Link, int Status, string Sentence);
