using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using LmPlayground.Demos;
using LmPlayground.Sharing;
using LmPlayground.Sharing.Reading;
using LmPlayground.Web.Access;
using LmPlayground.Web.Components.Viewing;
using LmPlayground.Web.Sharing;
using LmPlayground.Web.Texts;

namespace LmPlayground.Web.Viewing;

/// <summary>Makes the gallery: the recorded demos, and those of the store that the administrator has added, as long as they work.</summary>
/// <param name="recorded">The recorded demos.</param>
/// <param name="beginnings">How they begin.</param>
/// <param name="shelf">Where the list of the added ones is kept.</param>
/// <param name="source">Where these are found.</param>
/// <param name="renderings">Renders the page.</param>
/// <param name="key">Whether the gallery can be changed.</param>
/// <param name="words">What columns are called.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Learns of a store that cannot be asked.</param>
internal sealed partial class GalleryPages(
    RecordedDemos recorded, DemoBeginnings beginnings, DemoShelf shelf, IDemoSource source, DemoRenderings renderings, AdminKey key, PageWords words,
    TimeProvider time, ILogger<GalleryPages> logger)
{
    /// <summary>The part of the demos that the administrator has added.</summary>
    internal const string Added = "added";

    /// <summary>With "no-referrer" a browser would send the form with the Origin "null", which is any page's.</summary>
    internal string Referrer => key.IsSet ? "same-origin" : "no-referrer";

    private const string Kind = "gallery";
    private const long MostBytes = 4 << 20;
    private const int MostKept = 1_000;

    private readonly DemoCache _pages = new(MostBytes, time);
    private readonly ConcurrentDictionary<(string Id, string Language), DemoBeginning?> _known = [];

    /// <summary>The page. It is rendered once for what is in it; what is in it is asked each time: a demo that has ended is gone at once.</summary>
    internal async Task<DemoAnswer> AnswerAsync(string language, string? theme, Func<string, string> asset, GalleryRefusal? refusal, CancellationToken cancellationToken)
    {
        var added = await ListAsync(cancellationToken);
        var asked = new DemoAsked(NameOf(added), Kind, language, theme);
        if (refusal is null && _pages.TryGet(asked, out var kept))
            return kept;
        var groups = recorded.All.GroupBy(demo => demo.Group)
            .Select(group => new GalleryGroup(group.Key, [.. group.Select(demo => new GalleryCard(demo.Id, demo.Title, demo.Sentence, beginnings.Of(demo)))]))
            .ToList();
        if (added.Count > 0)
            groups.Add(new GalleryGroup(Added, [.. await CardsAsync(added, language, cancellationToken)]));
        var html = await renderings.RenderAsync<GalleryDocument>(asked, new()
        {
            ["Shell"] = new DemoShell { Form = DemoForm.Page, Asset = asset, IsGallery = true, Referrer = Referrer },
            ["Groups"] = groups.ToImmutableArray(),
            ["CanBeChanged"] = key.IsSet,
            ["Refusal"] = refusal,
        });
        var answer = new DemoAnswer(StatusCodes.Status200OK, "text/html; charset=utf-8", DemoRenderings.Compress(html));
        if (refusal is null)
            _pages.Keep(asked, answer);
        return answer;
    }

    private async Task<IReadOnlyList<GalleryDemo>> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await (await shelf.OpenAsync(cancellationToken)).ListGalleryAsync(cancellationToken);
        }
        catch (DemoStoreException error)
        {
            // What comes with the program can be looked at without a store.
            LogNoList(error);
            return [];
        }
    }

    private async Task<List<GalleryCard>> CardsAsync(IReadOnlyList<GalleryDemo> added, string language, CancellationToken cancellationToken)
    {
        if (_known.Count > MostKept)
            _known.Clear();
        var cards = new List<GalleryCard>();
        foreach (var demo in added)
        {
            var id = demo.Id.ToString();
            if (!_known.TryGetValue((id, language), out var beginning))
                _known[(id, language)] = beginning = await BeginAsync(id, cancellationToken);
            cards.Add(new GalleryCard(id, demo.Title, "", beginning));
        }

        return cards;
    }

    private async Task<DemoBeginning?> BeginAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            var finding = await source.FindAsync(id, cancellationToken);
            return finding.Presence == DemoPresence.Found ? DemoBeginning.Of(new DemoView(SharedDemoReader.Read(DemoUnpacker.Unpack(finding))), words) : null;
        }
        catch (SharedDemoException)
        {
            // Its own page says what is wrong with it.
            return null;
        }
    }

    /// <summary>What is in the page, as a name.</summary>
    private static string NameOf(IReadOnlyList<GalleryDemo> added) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', added.Select(demo => $"{demo.Id} {demo.Title}")))));

    [LoggerMessage(LogLevel.Warning, "The gallery is shown without the demos that were added: the store cannot be asked")]
    private partial void LogNoList(Exception error);
}
