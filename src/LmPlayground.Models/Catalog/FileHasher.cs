using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace LmPlayground.Models.Catalog;

/// <summary>SHA-256 of a model's files, worked out beside the loading of the model.</summary>
internal sealed class FileHasher(ModelFolder folder, CancellationToken cancellationToken)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<ModelFile>>> _files = new(StringComparer.Ordinal);

    /// <summary>Begins with a file, unless that has been done.</summary>
    /// <param name="name">Its path inside the folder, with forward slashes.</param>
    public Task<ModelFile> Begin(string name) =>
        _files.GetOrAdd(name, n => new Lazy<Task<ModelFile>>(() => Task.Run(() => HashAsync(n), cancellationToken))).Value;

    /// <summary>The named files in the order of their names.</summary>
    public ImmutableArray<ModelFile> Finish(IEnumerable<string> names)
    {
        Task<ModelFile>[] tasks = [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(Begin)];
        return [.. tasks.Select(task => task.GetAwaiter().GetResult())];
    }

    /// <summary>One hash over the names and hashes of files.</summary>
    public static string ContentHash(ImmutableArray<ModelFile> files)
    {
        string list = string.Concat(files.Select(file => $"{file.Sha256}  {file.Name}\n"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list)));
    }

    private async Task<ModelFile> HashAsync(string name)
    {
        string path = folder.Find(name) ?? throw new ModelLoadException(Path.Combine(folder.Directory, name), "there is no such file.");
        try
        {
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan);
            byte[] hash = await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false);
            return new ModelFile(name, stream.Length, Convert.ToHexStringLower(hash));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException(path, $"cannot be read: {e.Message}", e);
        }
    }
}
