using LmPlayground.Demos;
using LmPlayground.Sharing;
using LmPlayground.Sharing.Reading;
using LmPlayground.Web.Sharing;
using LmPlayground.Web.Texts;
using Microsoft.Extensions.Localization;

namespace LmPlayground.Web.Viewing;

/// <inheritdoc/>
/// <param name="source">Where demos are found.</param>
/// <param name="words">What the page says.</param>
/// <param name="openWords">What it says of encrypted ones.</param>
/// <param name="library">What the libraries say.</param>
/// <param name="time">The clock.</param>
public sealed class DemoOpener(
    IDemoSource source, IStringLocalizer<DemoTexts> words, IStringLocalizer<OpenTexts> openWords, LibraryWords library, TimeProvider time)
    : IDemoOpener
{
    /// <inheritdoc/>
    public async Task<OpenedDemo> OpenAsync(string id, CancellationToken cancellationToken)
    {
        DemoFinding finding;
        try
        {
            finding = id.Length is > 0 and <= 64 && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
                ? await source.FindAsync(id, cancellationToken)
                : new DemoFinding(DemoPresence.Unknown);
        }
        catch (DemoStoreException error)
        {
            return new OpenedDemo(StatusCodes.Status503ServiceUnavailable) { Sentence = library.Of(error) };
        }

        if (finding.Presence == DemoPresence.Found && finding.Expires <= time.GetUtcNow())
            finding = finding with { Presence = DemoPresence.Expired };
        return finding.Presence switch
        {
            DemoPresence.Unknown => new OpenedDemo(StatusCodes.Status404NotFound) { Sentence = words["Unknown"] },
            DemoPresence.Expired => new OpenedDemo(StatusCodes.Status410Gone) { Title = finding.Title, Sentence = words["Expired"] },
            DemoPresence.Revoked => new OpenedDemo(StatusCodes.Status410Gone) { Title = finding.Title, Sentence = words["Revoked"] },
            DemoPresence.Killed => new OpenedDemo(StatusCodes.Status410Gone) { Title = finding.Title, Sentence = words["EndedByOperator"] },
            _ when finding.IsEncrypted => new OpenedDemo(StatusCodes.Status422UnprocessableEntity)
            {
                Title = finding.Title,
                Sentence = openWords["Encrypted"],
                IsEncrypted = true,
                Document = finding.Document.ToArray(),
                Expires = finding.Expires,
            },
            _ => Read(finding),
        };
    }

    private OpenedDemo Read(DemoFinding finding)
    {
        try
        {
            var document = DemoUnpacker.Unpack(finding);
            return new OpenedDemo(StatusCodes.Status200OK)
            {
                Title = finding.Title,
                Demo = SharedDemoReader.Read(document),
                Document = document,
                Expires = finding.Expires,
                IsRecorded = finding.IsRecorded,
            };
        }
        catch (SharedDemoException error)
        {
            var why = library.Of(error);
            return new OpenedDemo(StatusCodes.Status422UnprocessableEntity) { Title = finding.Title, Sentence = words["Broken", why] };
        }
    }
}
