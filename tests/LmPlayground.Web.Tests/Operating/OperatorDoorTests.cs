using System.Text;
using System.Text.Json;
using LmPlayground.Demos;
using LmPlayground.Web.Configuration;
using LmPlayground.Web.Operating;
using LmPlayground.Web.Sharing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Tests.Operating;

/// <summary>The door of a store that this process holds, and who comes to it.</summary>
public sealed class OperatorDoorTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly OwnerSecret _owner = OwnerSecret.Create();
    private readonly IOptions<DemoStoreOptions> _options = Options.Create(new DemoStoreOptions());
    private DemoPlace _place = null!;
    private DemoShelf _shelf = null!;
    private OperatorDoor _door = null!;
    private IDemoStore _store = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Folder => _place.Folder!;

    private DemoOperator Operator => new(_place, _options, TimeProvider.System, NullLoggerFactory.Instance);

    public async ValueTask InitializeAsync()
    {
        _place = new DemoPlace(new ConfigurationBuilder().Build(), Options.Create(new DataOptions { Directory = _folder.Path }));
        _shelf = new DemoShelf(_place, _options, TimeProvider.System, NullLoggerFactory.Instance);
        _door = new OperatorDoor(_shelf, _place, NullLogger<OperatorDoor>.Instance);
        await _shelf.StartAsync(Stop);
        await _door.StartAsync(Stop);
        _store = await _shelf.OpenAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _door.StopAsync(CancellationToken.None);
        await _shelf.StopAsync(CancellationToken.None);
        _door.Dispose();
        _shelf.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_command_is_done_by_the_process_that_holds_the_store()
    {
        var one = await _store.SaveAsync(_owner, Demo("one"), Stop);
        var theirs = await _store.SaveAsync(OwnerSecret.Create(), Demo("one"), Stop);
        var told = new List<Hash256>();
        _shelf.Changed += told.Add;
        Assert.IsType<DoorClient>(await OpenAsync());

        var killed = await AskAsync(door => door.KillAsync(DemoTarget.Read(one.Id.ToString())!, Stop));
        Assert.Equal(Demo("one").DocumentHash, killed.DocumentHash);
        Assert.Equal([.. new[] { one.Id.Hash, theirs.Id.Hash }.OrderBy(hash => hash.ToString(), StringComparer.Ordinal)], killed.Links);
        Assert.Equal(killed.Links, told);
        Assert.Equal(new RevokedDemo("", ByOperator: true), await _store.FindAsync(theirs.Id, Stop));

        Assert.True(await AskAsync(door => door.AllowAsync(DemoTarget.Read(killed.DocumentHash.ToString())!, Stop)));
        Assert.False(await AskAsync(door => door.AllowAsync(DemoTarget.Read(killed.DocumentHash.ToString())!, Stop)));
        _store.CountView((await _store.SaveAsync(_owner, Demo("two"), Stop)).Id);
        Assert.Equal(new DemoSweep(0, 1), await AskAsync(door => door.SweepAsync(Stop)));
        Assert.Equal(2, await AskAsync(door => door.PurgeAsync(DateTimeOffset.UtcNow.AddHours(1), Stop)));
    }

    [Fact]
    public async Task What_the_store_refuses_is_refused_at_the_door_in_the_same_words()
    {
        var error = await Assert.ThrowsAsync<DemoStoreException>(
            () => AskAsync(door => door.KillAsync(DemoTarget.Read(DemoId.Of(_owner, Hash256.Of([]), 0).ToString())!, Stop)));
        Assert.Equal(("demos.unknown", "There is no demo behind this link."), (error.Code, error.Message));
        var damaged = await Assert.ThrowsAsync<DemoStoreException>(
            () => AskAsync(door => door.ImportAsync(new MemoryStream("{\"format\":\"lmplayground-demos\",\"version\":1}\n{\"demo\":{}}"u8.ToArray()), Stop)));
        Assert.Equal("Line 2 of the file is damaged. Nothing was imported.", damaged.Message);
    }

    [Fact]
    public async Task An_import_of_many_parts_arrives_byte_for_byte()
    {
        for (var number = 0; number < 20; number++)
            await _store.SaveAsync(_owner, Demo(new string('x', 30_000 + number)), Stop);
        var exported = await ExportAsync();
        foreach (var demo in await _store.ListAsync(_owner, Stop))
            await _store.RevokeAsync(_owner, demo.Id, Stop);
        Assert.Equal(new DemoImport(0, 20), await AskAsync(door => door.ImportAsync(new MemoryStream(exported), Stop)));

        var other = exported.AsSpan().ToArray();
        using var elsewhere = new TemporaryFolder();
        await using var store = await Demos.Storing.DemoStore.OpenAsync(
            DemoStoreLocation.InFolder(elsewhere.Path), _options.Value, TimeProvider.System, NullLogger<Demos.Storing.DemoStore>.Instance, Stop);
        await using var operations = new StoreOperations(store);
        Assert.Equal(new DemoImport(20, 0), await operations.ImportAsync(new MemoryStream(other), Stop));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public async Task Who_goes_in_the_middle_of_an_import_has_imported_nothing_and_others_come_in(int sent)
    {
        var other = OwnerSecret.Create();
        await _store.SaveAsync(other, Demo(new string('x', 300_000)), Stop);
        var exported = await ExportAsync();
        await using (var line = DoorPlace.Outside(Folder))
        {
            await line.ConnectAsync(Stop);
            await DoorFrames.WriteAsync(line, JsonSerializer.SerializeToUtf8Bytes(new DoorRequest("import"), DoorJson.Default.DoorRequest), Stop);
            for (var at = 0; at < sent; at += DoorFrames.Part)
                await DoorFrames.WriteAsync(line, exported.AsMemory(at, Math.Min(DoorFrames.Part, sent - at)), Stop);
        }

        Assert.Equal(new DemoSweep(0, 0), await AskAsync(door => door.SweepAsync(Stop)));
        Assert.Equal(exported, await ExportAsync());
        Assert.DoesNotContain(Directory.GetFiles(Folder), file => !Path.GetFileName(file).StartsWith("demos.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{\"do\":\"dance\"}")]
    [InlineData("{\"do\":\"kill\"}")]
    [InlineData("{\"do\":\"kill\",\"target\":\"nobody\"}")]
    [InlineData("null")]
    public async Task What_the_door_does_not_know_it_refuses(string request)
    {
        await using var line = DoorPlace.Outside(Folder);
        await line.ConnectAsync(Stop);
        await DoorFrames.WriteAsync(line, Encoding.UTF8.GetBytes(request), Stop);
        var answer = JsonSerializer.Deserialize(await DoorFrames.ReadAsync(line, DoorFrames.Longest, Stop), DoorJson.Default.DoorAnswer);
        Assert.Equal("demos.door_unknown", answer!.Refused!.Code);
    }

    [Theory]
    [InlineData(new byte[] { 0x7f, 0xff, 0xff, 0xff })]
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff })]
    [InlineData(new byte[] { 0, 0, 0, 2, (byte)'{', (byte)'{' })]
    public async Task Noise_at_the_door_is_turned_away_and_the_next_one_is_served(byte[] noise)
    {
        await using (var line = DoorPlace.Outside(Folder))
        {
            await line.ConnectAsync(Stop);
            await line.WriteAsync(noise, Stop);
            Assert.Equal(0, await line.ReadAsync(new byte[1], Stop));
        }

        Assert.Equal(new DemoSweep(0, 0), await AskAsync(door => door.SweepAsync(Stop)));
    }

    [Fact]
    public async Task Many_at_once_are_all_served()
    {
        var demos = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => _store.SaveAsync(_owner, Demo($"demo {number}"), Stop)));
        var killed = await Task.WhenAll(demos.Select(demo => AskAsync(door => door.KillAsync(DemoTarget.Read(demo.Id.ToString())!, Stop))));
        Assert.Equal(demos.Select(demo => demo.Id.Hash), killed.Select(kill => Assert.Single(kill.Links)));
    }

    [Fact]
    public async Task The_door_is_for_its_owner_alone_and_goes_with_its_server()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "On Windows the door is no file.");
        await AskAsync(door => door.SweepAsync(Stop));
        var file = Path.Combine(Folder, "demos.door");
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        await _door.StopAsync(Stop);
        Assert.False(File.Exists(file));
        Assert.Null(await DoorClient.ConnectAsync(Folder, TimeSpan.Zero, Stop));
    }

    [Fact]
    public async Task Without_a_holder_a_command_changes_the_store_itself_though_a_dead_door_is_there()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "On Windows the door is no file.");
        var saved = await _store.SaveAsync(_owner, Demo("one"), Stop);
        await _door.StopAsync(Stop);
        await _shelf.StopAsync(Stop);
        using (var dead = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified))
            dead.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(Path.Combine(Folder, "demos.door")));
        await using var operations = await OpenAsync();
        Assert.IsType<StoreOperations>(operations);
        Assert.Single((await operations.KillAsync(DemoTarget.Read(saved.Id.ToString())!, Stop)).Links);
    }

    private static NewDemo Demo(string text)
    {
        var document = Encoding.UTF8.GetBytes(text);
        return new NewDemo { Document = document, DocumentHash = Hash256.Of(document), Codec = "none", Size = document.Length, Title = "A title", Kind = "run" };
    }

    private Task<IDemoOperations> OpenAsync() => Operator.ChangeAsync(Stop);

    private async Task<T> AskAsync<T>(Func<IDemoOperations, Task<T>> ask)
    {
        await using var door = await OpenAsync();
        return await ask(door);
    }

    private async Task<byte[]> ExportAsync()
    {
        using var stream = new MemoryStream();
        await _store.ExportAsync(stream, Stop);
        return stream.ToArray();
    }
}
