namespace LmPlayground.Web.Configuration;

/// <summary>Where the server keeps what it must remember: keys, caches, databases.</summary>
public sealed class DataOptions
{
    /// <summary>The name of the section in a configuration file.</summary>
    public const string Section = "Data";

    /// <summary>
    /// The folder; made when something is first kept there, for its owner alone. By default <c>lmplayground</c> in the user's folder of
    /// application data: <c>$XDG_DATA_HOME</c> or <c>~/.local/share</c>, on Windows <c>%LOCALAPPDATA%</c>.
    /// </summary>
    public string Directory { get; set; } = "";

    /// <summary><see cref="Directory"/> as a full path, or null where neither the option nor the system names one.</summary>
    internal string? EffectiveDirectory
    {
        get
        {
            if (Directory.Length > 0)
                return Path.GetFullPath(Directory);

            // .NET reads XDG_DATA_HOME itself; a relative one is to be ignored (XDG Base Directory Specification).
            var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            if (home.Length > 0 && !Path.IsPathFullyQualified(home))
                home = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share");
            return Path.IsPathFullyQualified(home) ? Path.Combine(home, "lmplayground") : null;
        }
    }
}
