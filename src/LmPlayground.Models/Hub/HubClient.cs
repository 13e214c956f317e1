using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Files;
using Microsoft.Extensions.DependencyInjection;

namespace LmPlayground.Models.Hub;

/// <summary>Asks a hub what it has.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed partial class HubClient : IDisposable
{
    /// <summary>The branch that is taken where none is named.</summary>
    public const string DefaultRevision = "main";

    private const string LicenseTag = "license:";
    private const int LongestPath = 400;
    private const int LongestLicense = 100;

    /// <summary>A petabyte: nothing that is larger is the size of a file.</summary>
    private const long GreatestFile = 1L << 50;

    /// <summary>What some system reads as more than a name.</summary>
    private static readonly SearchValues<char> NoFileName = SearchValues.Create("\\:*?\"<>|");

    private readonly ServiceProvider? _own;

    /// <summary>A client of the hub that the options name, with connections of its own.</summary>
    /// <param name="options">Which hub, and as whom.</param>
    /// <param name="time">Measures pauses and silence.</param>
    public HubClient(HubOptions options, TimeProvider? time = null)
        : this(options, new ServiceCollection().AddSingleton(time ?? TimeProvider.System).AddHub(_ => options).BuildServiceProvider(), time ?? TimeProvider.System)
    {
    }

    /// <summary>A client whose connections are another's.</summary>
    internal HubClient(HubOptions options, IHttpClientFactory clients, TimeProvider time)
    {
        Options = options;
        Http = new HubHttp(clients, options, time);
    }

    private HubClient(HubOptions options, ServiceProvider own, TimeProvider time)
        : this(options, own.GetRequiredService<IHttpClientFactory>(), time) => _own = own;

    /// <summary>Which hub, and as whom.</summary>
    public HubOptions Options { get; }

    internal HubHttp Http { get; }

    /// <summary>What a repository holds.</summary>
    /// <exception cref="HubException">It cannot be had; the message says why.</exception>
    public async Task<HubRepository> FindAsync(HubRepositoryId id, string? revision = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        revision ??= DefaultRevision;
        if (!RevisionPattern().IsMatch(revision) || revision.Contains("..", StringComparison.Ordinal))
            throw new HubException($"\"{revision}\" is no revision: it is a branch, a tag or a commit.");
        var address = At($"/api/models/{id}/revision/{Uri.EscapeDataString(revision)}?blobs=true");
        var answer = await ReadAsync(address, id.ToString(), cancellationToken).ConfigureAwait(false);
        return Understand(() =>
        {
            var commit = answer.Required("sha").AsString();
            if (!CommitPattern().IsMatch(commit))
                throw answer.Wrong($"\"{commit}\" is no commit");
            return new HubRepository
            {
                Id = id,
                Revision = revision,
                Commit = commit,
                License = License(answer),
                IsGated = answer.Optional("gated") is { Kind: JsonValueKind.String or JsonValueKind.True },
                Files = [.. answer.Required("siblings").Items().Select(ReadFile).OfType<HubFile>().DistinctBy(file => file.Path)],
            };
        });
    }

    /// <summary>The most downloaded repositories of ONNX models whose names hold the words.</summary>
    /// <exception cref="HubException">The hub cannot be asked; the message says why.</exception>
    public async Task<ImmutableArray<HubSearchResult>> SearchAsync(string words, int limit = 20, CancellationToken cancellationToken = default)
    {
        var address = At($"/api/models?search={Uri.EscapeDataString(words)}&filter=onnx&sort=downloads&direction=-1&limit={limit}&full=false");
        var answer = await ReadAsync(address, "its list of models", cancellationToken).ConfigureAwait(false);
        return Understand(() => answer.Required("items").Items().Take(limit)
            .Select(item => new HubSearchResult(item.Required("id").AsString(), item.Optional("downloads")?.AsInt64() ?? 0, License(item)))
            .ToImmutableArray());
    }

    /// <inheritdoc/>
    public void Dispose() => _own?.Dispose();

    /// <summary>Where a file's bytes are.</summary>
    internal Uri AddressOf(HubRepository repository, HubFile file) =>
        At($"/{repository.Id}/resolve/{repository.Commit}/{string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString))}");

    private Uri At(string pathAndQuery) => new(Options.Endpoint.AbsoluteUri.TrimEnd('/') + pathAndQuery);

    private async Task<JsonSource> ReadAsync(Uri address, string what, CancellationToken cancellationToken)
    {
        var content = await Http.ReadAsync(address, what, cancellationToken).ConfigureAwait(false);

        // A list becomes an object, which is what the reader of JSON files begins with.
        var isList = content.AsSpan().TrimStart(" \r\n\t"u8) is [(byte)'[', ..];
        return Understand(() => JsonSource.Parse(address.GetLeftPart(UriPartial.Path), isList ? [.. "{\"items\":"u8, .. content, (byte)'}'] : content));
    }

    private T Understand<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ModelLoadException e)
        {
            throw new HubException($"{Options.Endpoint.Host} answers what is not understood: {e.Message} Is HF_ENDPOINT a hub?", e);
        }
    }

    /// <summary>A file, or null for one that no model needs: a name that could lead out of a folder, or no checksum.</summary>
    private static HubFile? ReadFile(JsonSource item)
    {
        var path = item.Required("rfilename").AsString();
        var large = item.Optional("lfs");
        var checksum = (large?.Optional("sha256") ?? large?.Optional("oid") ?? item.Optional("blobId"))?.AsString().Replace("sha256:", "", StringComparison.Ordinal);
        var size = (large?.Optional("size") ?? item.Optional("size"))?.AsInt64();
        if (size is < 0 or > GreatestFile)
            throw item.Wrong($"{size} is not the size of a file");
        return IsInside(path) && size is not null && checksum is not null && ChecksumPattern().IsMatch(checksum) ? new HubFile(path, size.Value, checksum) : null;
    }

    private static bool IsInside(string path) =>
        path.Length <= LongestPath && path.Split('/').All(part => part.Length > 0 && part is not ("." or "..") && !part.AsSpan().ContainsAny(NoFileName) && !part.Any(char.IsControl));

    private static string? License(JsonSource model)
    {
        if (model.Optional("cardData") is { Kind: JsonValueKind.Object } card && card.Optional("license") is { Kind: JsonValueKind.String } stated)
            return Short(stated.AsString());
        return (model.Optional("tags")?.Items() ?? []).Where(tag => tag.Kind == JsonValueKind.String).Select(tag => tag.AsString())
            .FirstOrDefault(tag => tag.StartsWith(LicenseTag, StringComparison.Ordinal)) is { } tagged ? Short(tagged[LicenseTag.Length..]) : null;
    }

    private static string Short(string license) => license.Length <= LongestLicense ? license : license[..(LongestLicense - 1)] + "…";

    [GeneratedRegex(@"\A[\w./-]{1,200}\z", RegexOptions.ECMAScript)]
    private static partial Regex RevisionPattern();

    [GeneratedRegex(@"\A[0-9a-f]{40}\z")]
    private static partial Regex CommitPattern();

    [GeneratedRegex(@"\A([0-9a-f]{40}|[0-9a-f]{64})\z")]
    private static partial Regex ChecksumPattern();
}
