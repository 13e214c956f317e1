using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace LmPlayground.Web.Hosting;

/// <summary>Keeps the keys of ASP.NET's data protection in the data folder.</summary>
/// <remarks>The framework's own repository of files goes through the system's temporary folder.</remarks>
internal sealed class KeyFiles(DataFolder data) : IXmlRepository
{
    private const string Pattern = "*.xml";

    /// <inheritdoc/>
    public IReadOnlyCollection<XElement> GetAllElements() => [.. Directory.EnumerateFiles(data.KeysDirectory, Pattern).Select(file => XElement.Load(file))];

    /// <inheritdoc/>
    public void StoreElement(XElement element, string friendlyName)
    {
        // A name that is no plain file name becomes one; another server that reads meanwhile sees the whole file or none.
        var name = friendlyName.Length > 0 && friendlyName.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? friendlyName : $"{Guid.NewGuid():N}";
        var file = Path.Combine(data.KeysDirectory, name + ".xml");
        var unfinished = file + ".tmp";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(unfinished, options))
            element.Save(stream);
        File.Move(unfinished, file, overwrite: true);
    }
}
