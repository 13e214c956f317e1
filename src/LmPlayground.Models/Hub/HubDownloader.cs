using System.Globalization;

namespace LmPlayground.Models.Hub;

/// <summary>Brings a variant of a model into the cache of Hugging Face's tools, which then find it too.</summary>
/// <remarks>
/// Thread-safe. A file appears in the snapshot only when all files of the variant are whole, the graph last: nobody can load half a model.
/// </remarks>
public sealed class HubDownloader
{
    /// <summary>Left free on the disk for everybody else.</summary>
    private const long Reserve = 64_000_000;

    private const int MostFiles = 1000;

    private readonly HubClient _client;
    private readonly HubCache _cache;
    private readonly TimeProvider _time;
    private readonly Func<string, long> _freeSpace;

    /// <summary>A downloader into the cache that the client's options name.</summary>
    public HubDownloader(HubClient client, TimeProvider? time = null)
        : this(client, time, static directory => new DriveInfo(directory).AvailableFreeSpace)
    {
    }

    internal HubDownloader(HubClient client, TimeProvider? time, Func<string, long> freeSpace)
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client;
        _cache = new HubCache(client.Options.CacheDirectory);
        _time = time ?? TimeProvider.System;
        _freeSpace = freeSpace;
    }

    /// <summary>How many bytes a variant still needs: what is in the cache, or half there, is not downloaded again.</summary>
    public long Missing(HubRepository repository, HubVariant variant)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(variant);
        return ByteCount.Sum(Different(variant), file => Math.Max(0, file.Size - BlobDownload.Present(_cache.Blob(repository.Id, file.Checksum))));
    }

    /// <summary>Downloads what is missing.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="variant">One of its variants.</param>
    /// <param name="progress">Told a few times a second.</param>
    /// <param name="cancellationToken">Stops; what has arrived is kept for the next try.</param>
    /// <returns>The folder of the model.</returns>
    /// <exception cref="HubException">It did not work; the message says why and what to do.</exception>
    public async Task<string> PullAsync(
        HubRepository repository, HubVariant variant, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        CheckVariant(repository, variant);
        var missing = Missing(repository, variant);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_cache.Blob(repository.Id, "x"))!);
            CheckSpace(repository, missing);
            var meter = new DownloadMeter(ByteCount.Sum(Different(variant), file => file.Size), progress, _time);
            foreach (var file in Different(variant))
                await new BlobDownload(_client, repository, file, _cache.Blob(repository.Id, file.Checksum), meter).RunAsync(cancellationToken).ConfigureAwait(false);
            meter.Found(0);
            foreach (var file in variant.Files)
                Link(repository, file);
            var reference = _cache.Reference(repository.Id, repository.Revision);
            Directory.CreateDirectory(Path.GetDirectoryName(reference)!);
            if (repository.Revision != repository.Commit)
                await File.WriteAllTextAsync(reference, repository.Commit, cancellationToken).ConfigureAwait(false);
            return _cache.Snapshot(repository.Id, repository.Commit);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HubException($"{_cache.Directory} cannot be written: {e.Message} HF_HUB_CACHE names another folder.", e);
        }
    }

    /// <summary>Files with the same bytes are one download.</summary>
    private static IEnumerable<HubFile> Different(HubVariant variant) => variant.Files.DistinctBy(file => file.Checksum);

    private void CheckVariant(HubRepository repository, HubVariant variant)
    {
        if (variant.Files.Length > MostFiles)
            throw new HubException($"{repository.Id} {variant.Name} has {variant.Files.Length:N0} files; at most {MostFiles:N0} are downloaded. Choose another variant.");
        if (variant.Size > _client.Options.MaxBytes)
        {
            throw new HubException(
                $"{repository.Id} {variant.Name} has {Megabytes(variant.Size)}, and at most {Megabytes(_client.Options.MaxBytes)} are downloaded. Choose a smaller variant.");
        }
    }

    private void CheckSpace(HubRepository repository, long missing)
    {
        var free = _freeSpace(_cache.RepositoryFolder(repository.Id));
        if (missing > 0 && missing > free - Reserve)
        {
            throw new HubException(
                $"{repository.Id} needs {Megabytes(missing)} and {Megabytes(Reserve)} that stay free, and the disk of {_cache.Directory} has {Megabytes(free)} left. Free some space, choose a smaller variant, or name another folder with HF_HUB_CACHE.");
        }
    }

    /// <summary>Puts a file of the snapshot in its place: a relative link where the system has them, else a copy.</summary>
    private void Link(HubRepository repository, HubFile file)
    {
        var snapshot = _cache.Snapshot(repository.Id, repository.Commit);
        var place = Path.GetFullPath(Path.Combine(snapshot, file.Path));
        if (!place.StartsWith(snapshot + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new HubException($"{repository.Id} names a file outside its folder: {file.Path}.");
        if (File.Exists(place))
            return;
        var folder = Path.GetDirectoryName(place)!;
        Directory.CreateDirectory(folder);
        File.Delete(place);
        var blob = _cache.Blob(repository.Id, file.Checksum);
        try
        {
            File.CreateSymbolicLink(place, Path.GetRelativePath(folder, blob));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            var temporary = place + ".tmp";
            File.Copy(blob, temporary, overwrite: true);
            File.Move(temporary, place, overwrite: true);
        }
    }

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(bytes / 1e6):N0} MB");
}
