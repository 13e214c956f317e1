using System.Globalization;
using LmPlayground.Demos;
using LmPlayground.Demos.Saver;
using LmPlayground.Demos.Storing;
using Microsoft.Extensions.Logging.Abstractions;

// Saver (folder PATH | postgres CONNECTION) SECRET FIRST COUNT: saves the documents FIRST, FIRST + 1, ..., and says of each that it is kept as soon as
// the store says so. What it says goes straight to the pipe: a line that was read was acknowledged.
var location = args[0] == "folder" ? DemoStoreLocation.InFolder(args[1]) : DemoStoreLocation.InPostgres(args[1]);
if (!OwnerSecret.TryParse(args[2], out var owner))
    return 2;
var first = int.Parse(args[3], CultureInfo.InvariantCulture);
var count = int.Parse(args[4], CultureInfo.InvariantCulture);
using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
try
{
    var options = new DemoStoreOptions { MaxPerOwner = 1_000_000, AllowForever = true };
    await using var store = await DemoStore.OpenAsync(location, options, TimeProvider.System, NullLogger<DemoStore>.Instance);
    output.WriteLine("open");
    for (var number = first; number < first + count; number++)
    {
        var saved = await store.SaveAsync(owner, SaverDocument.Demo(number));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"saved {number} {saved.Id}"));
    }

    // Holds the store until it is told to go, or killed.
    Console.In.ReadLine();
    return 0;
}
catch (DemoStoreException error)
{
    output.WriteLine($"refused {error.Code} {error.Message}");
    return 1;
}
