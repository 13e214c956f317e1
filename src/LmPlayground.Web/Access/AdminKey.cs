using System.Text;
using LmPlayground.Demos;
using LmPlayground.Web.Configuration;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Access;

/// <summary>The administrator's key, of which the server has only the hash.</summary>
/// <param name="options">The hash.</param>
internal sealed class AdminKey(IOptions<DemoOptions> options)
{
    private readonly Hash256? _hash = Hash256.TryParse(options.Value.AdminKeySha256, out var hash) ? hash : null;

    /// <summary>Whether there is one.</summary>
    internal bool IsSet => _hash is not null;

    /// <summary>Whether a text is the key, in a time that does not depend on where the two differ; never without a key.</summary>
    internal bool Opens(string? key) => _hash is { } hash && !string.IsNullOrEmpty(key) && Hash256.Of(Encoding.UTF8.GetBytes(key)) == hash;
}
