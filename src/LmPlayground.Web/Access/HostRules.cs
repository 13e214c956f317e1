using System.Globalization;
using System.Net;
using System.Text;

namespace LmPlayground.Web.Access;

/// <summary>Which names the server answers to: <c>AllowedHosts</c>, and without it the names of this machine alone.</summary>
/// <remarks>
/// A page from elsewhere can give its own name the address 127.0.0.1 (DNS rebinding) and is then, to the browser, of the same origin as this
/// server. The name in the Host header is all that tells the two apart.
/// </remarks>
internal sealed class HostRules
{
    /// <summary>The name of the option, which is ASP.NET Core's own.</summary>
    internal const string Option = "AllowedHosts";

    private static readonly IdnMapping Idn = new();

    private readonly string[] _patterns;

    /// <summary>The rules that a configuration states.</summary>
    internal HostRules(IConfiguration configuration) : this(configuration[Option])
    {
    }

    /// <summary>The rules of a list with semicolons, or those without one.</summary>
    internal HostRules(string? allowed) =>
        _patterns = [.. (allowed ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Plain)];

    /// <summary>Whether an operator has named the hosts.</summary>
    internal bool AreNamed => _patterns.Length > 0;

    /// <summary>Whether the server answers to a name, given without its port.</summary>
    internal bool Allow(string host)
    {
        var name = Plain(host);
        return name.Length > 0 && (AreNamed ? Array.Exists(_patterns, pattern => Matches(pattern, name)) : IsLoopback(name));
    }

    /// <summary>Whether a name is this machine's own: localhost, what ends with it, 127.0.0.0/8 and ::1.</summary>
    internal static bool IsLoopback(string host)
    {
        var name = Plain(host);
        return name == "localhost" || name.EndsWith(".localhost", StringComparison.Ordinal)
            || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address) && IsPlainAddress(name));
    }

    /// <summary>Addresses as people write them: "2130706433" and "0x7f.1" are addresses to .NET, and not to who reads a log.</summary>
    private static bool IsPlainAddress(string name) => name.Contains(':') || name.Split('.').Length == 4;

    private static bool Matches(string pattern, string name) => pattern == "*" || pattern == name
        || (pattern.StartsWith("*.", StringComparison.Ordinal) && name.Length > pattern.Length - 1 && name.EndsWith(pattern[1..], StringComparison.Ordinal));

    /// <summary>Lower case, in ASCII, without the brackets of an IPv6 address and the full stop of a complete name.</summary>
    private static string Plain(string host)
    {
        var name = host.Trim().ToLowerInvariant().Trim('[', ']');
        name = name.EndsWith('.') ? name[..^1] : name;
        try
        {
            // A browser sends "bücher.example" as "xn--bcher-kva.example".
            return Ascii.IsValid(name) ? name : Idn.GetAscii(name);
        }
        catch (ArgumentException)
        {
            // No name of a host, and the same as none.
            return name;
        }
    }
}
