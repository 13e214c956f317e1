namespace LmPlayground.Web.Operating;

/// <summary>
/// A stream's content in a file that has no name and is gone with whoever reads it: an import that came from a slow hand, or from one that lets go in the
/// middle, would keep everybody waiting who saves.
/// </summary>
internal static class Spool
{
    /// <summary>Reads a stream to its end.</summary>
    internal static async Task<FileStream> ReadAsync(Stream from, string folder, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous | (OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None),
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var path = Path.Combine(folder, Path.GetRandomFileName());
        var file = new FileStream(path, options);
        try
        {
            // Elsewhere it can go while it is open, so that nothing stays of a process that is killed.
            if (!OperatingSystem.IsWindows())
                File.Delete(path);
            await from.CopyToAsync(file, cancellationToken);
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}
