using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using LmPlayground.Web.Components.Viewing;

namespace LmPlayground.Web.Viewing;

/// <summary>Style and script of a demo that is one file: the same as the page's, without what would ask for another file.</summary>
internal static partial class DemoAssets
{
    /// <summary>The rules, without fonts.</summary>
    internal static string Style { get; } = Fonts().Replace(string.Join('\n', DemoShell.StyleSheets.Select(sheet => Read($"css/{sheet}.css"))), "");

    /// <summary>The script, its modules as one.</summary>
    internal static string Script { get; } = Exports().Replace(Read("js/tips.js") + Imports().Replace(Read("js/demo.js"), ""), "");

    /// <summary>SHA-256 of the script, in base64.</summary>
    internal static string ScriptHash { get; } = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Script)));

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(DemoAssets).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    [GeneratedRegex("@font-face \\{[^}]*\\}")]
    private static partial Regex Fonts();

    [GeneratedRegex("^export (?=function)", RegexOptions.Multiline)]
    private static partial Regex Exports();

    [GeneratedRegex("^import .*;$", RegexOptions.Multiline)]
    private static partial Regex Imports();
}
