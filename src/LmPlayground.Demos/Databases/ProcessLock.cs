namespace LmPlayground.Demos.Databases;

/// <summary>
/// Keeps a second process from a folder: a file held open that nobody else can then open. The system lets go of it when the process ends, however
/// it ends, so that a crash leaves nothing behind.
/// </summary>
internal sealed class ProcessLock : IDisposable
{
    internal const string FileName = "demos.lock";

    private readonly FileStream _file;

    private ProcessLock(FileStream file) => _file = file;

    /// <summary>Takes a folder, and makes it for its owner alone if it is missing.</summary>
    internal static ProcessLock Take(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return new ProcessLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (IOException error) when (File.Exists(path))
        {
            throw new DemoStoreException(
                "demos.in_use",
                $"Another playground uses the demos in {folder}. Stop it, give this one another data folder, or let both share a PostgreSQL (ConnectionStrings:Demos).",
                error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DemoStoreException("demos.folder", $"The folder of demos, {folder}, cannot be used: {error.Message}", error);
        }
    }

    public void Dispose() => _file.Dispose();
}
