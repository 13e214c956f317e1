using LmPlayground.Demos;
using LmPlayground.Web.Configuration;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Sharing;

/// <summary>
/// Where this server's shared demos are kept: PostgreSQL where <c>ConnectionStrings:Demos</c> names one, else a file in the data folder.
/// </summary>
/// <param name="configuration">Has the connection string.</param>
/// <param name="data">Names the data folder.</param>
internal sealed class DemoPlace(IConfiguration configuration, IOptions<DataOptions> data)
{
    private const string Connection = "Demos";
    private const string FolderName = "demos";

    /// <summary>The folder of the file; null where PostgreSQL has the demos.</summary>
    internal string? Folder => Postgres is null ? Path.Combine(data.Value.EffectiveDirectory!, FolderName) : null;

    /// <summary>The place, to change what is there.</summary>
    internal DemoStoreLocation Location => Postgres is { } postgres ? DemoStoreLocation.InPostgres(postgres) : DemoStoreLocation.InFolder(Folder!);

    /// <summary>The place, to read beside a server that changes it.</summary>
    internal DemoStoreLocation ToRead => Postgres is { } postgres ? DemoStoreLocation.InPostgres(postgres) : DemoStoreLocation.InFolderToRead(Folder!);

    private string? Postgres => configuration.GetConnectionString(Connection) is { Length: > 0 } postgres ? postgres : null;
}
