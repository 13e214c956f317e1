using LmPlayground.Web.Configuration;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Hosting;

/// <summary>The one folder that the server writes to, apart from Hugging Face's cache.</summary>
internal sealed class DataFolder(IOptions<DataOptions> options)
{
    private const string Keys = "keys";

    /// <summary>Its folder of keys that protect cookies and forms; made now, if it is not there.</summary>
    internal string KeysDirectory => Create(Path.Combine(options.Value.EffectiveDirectory!, Keys));

    /// <summary>Makes a folder, and those above it that are missing, for its owner alone.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    internal static string Create(string directory)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(directory);
        else
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return directory;
    }

    /// <summary>Why nothing can be written to the folder, or null. Leaves behind what it has made of the folder, and no file.</summary>
    internal static string? FindFault(string directory)
    {
        try
        {
            using var probe = new FileStream(
                Path.Combine(Create(directory), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }
}
