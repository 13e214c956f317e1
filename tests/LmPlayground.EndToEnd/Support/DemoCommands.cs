using System.Diagnostics;
using System.IO.Compression;
using LmPlayground.Demos;
using LmPlayground.Demos.Storing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LmPlayground.EndToEnd.Support;

/// <summary>The commands about shared demos on a data folder of a test's own, and demos that lie there.</summary>
internal static class DemoCommands
{
    /// <summary>Runs <c>demos</c> with arguments.</summary>
    internal static Task<CommandResult> RunAsync(string data, params IEnumerable<string> arguments) => CommandLine.RunAsync(StartInfo(data, arguments));

    internal static ProcessStartInfo StartInfo(string data, params IEnumerable<string> arguments)
    {
        var info = CommandLine.StartInfo(["demos", .. arguments]);
        info.Environment["Data__Directory"] = data;
        info.WorkingDirectory = data;
        return info;
    }

    /// <summary>Shares a document of the first version, as a browser of somebody's would have.</summary>
    internal static async Task<DemoId> ShareAsync(string data, string golden, OwnerSecret? owner = null, string? title = null)
    {
        var document = await File.ReadAllBytesAsync(Path.Combine(TestFiles.Root, "tests", "LmPlayground.Sharing.Tests", "Goldens", "v1", golden + ".json"));
        using var packed = new MemoryStream();
        await using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await brotli.WriteAsync(document);
        await using var store = await DemoStore.OpenAsync(
            DemoStoreLocation.InFolder(Path.Combine(data, "demos")), new DemoStoreOptions(), TimeProvider.System, NullLogger<DemoStore>.Instance);
        var saved = await store.SaveAsync(owner ?? OwnerSecret.Create(), new NewDemo
        {
            Document = packed.ToArray(),
            DocumentHash = Hash256.Of(document),
            Codec = "br",
            Size = document.Length,
            Title = title ?? "About " + golden,
            Kind = "run",
        });
        return saved.Id;
    }
}
