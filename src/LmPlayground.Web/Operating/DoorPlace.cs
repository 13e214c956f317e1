using System.IO.Pipes;
using System.Security.Cryptography;
using System.Text;

namespace LmPlayground.Web.Operating;

/// <summary>
/// Where the operator's door is: a socket in the folder of the demos, or on Windows a named pipe that is called after it. Only who runs the server
/// can come in: the file is for its owner alone, and each side looks whose process the other one is.
/// </summary>
internal static class DoorPlace
{
    private const string FileName = "demos.door";

    /// <summary>Opens the door; one that a killed process has left is replaced, so that only who holds the folder may do it.</summary>
    internal static NamedPipeServerStream Open(string folder)
    {
        var name = NameOf(folder);
        var door = new NamedPipeServerStream(
            name, PipeDirection.InOut, NamedPipeServerStream.MaxAllowedServerInstances, PipeTransmissionMode.Byte,
            PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(name, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return door;
    }

    /// <summary>The other side of the door, which is not gone through yet.</summary>
    internal static NamedPipeClientStream Outside(string folder) =>
        new(".", NameOf(folder), PipeDirection.InOut, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);

    // .NET takes a whole path for that of a socket.
    private static string NameOf(string folder) => OperatingSystem.IsWindows()
        ? "lmplayground-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder.ToUpperInvariant())))
        : Path.Combine(folder, FileName);
}
