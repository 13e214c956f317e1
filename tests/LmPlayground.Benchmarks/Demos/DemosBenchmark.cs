using System.Diagnostics;
using System.Globalization;
using System.Net;
using LmPlayground.Benchmarks.Reporting;
using LmPlayground.Demos;
using LmPlayground.Demos.Storing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LmPlayground.Benchmarks.Demos;

/// <summary>
/// Opening a shared demo over HTTP: as the very first request after the program says that it listens, the first time, and from what was rendered; its
/// picture; what asking the database costs that each answer is right; and requests at a fixed rate beside a run.
/// </summary>
internal static class DemosBenchmark
{
    private const int DefaultTokens = 512;
    private const int DefaultRounds = 10;
    private const int Starts = 5;
    private const int PerSecond = 200;
    private const int Seconds = 20;
    private const int WarmUpSeconds = 3;
    private const int Hot = 8;
    private const int StateReads = 2_000;
    private const string Postgres = "LMPLAYGROUND_POSTGRES";

    internal static async Task RunAsync(BenchmarkContext context)
    {
        var rounds = context.Rounds ?? DefaultRounds;
        var data = Directory.CreateTempSubdirectory("lmplayground-");
        try
        {
            var machine = new MachineLoad();
            var others = await machine.OfOthersAsync(context.CancellationToken);
            await context.Output.WriteLineAsync(
                $".NET {Environment.Version}, {Environment.ProcessorCount} processors, {Percent(others)} in use by others at the beginning");
            var demo = await DemoStock.MakeAsync(context, context.Tokens ?? DefaultTokens);
            var folder = DemoStoreLocation.InFolder(Path.Combine(data.FullName, "demos"));
            var (ids, stored) = await DemoStock.KeepAsync(folder, demo, Math.Max(Hot, rounds + 1));

            Samples veryFirst = new(), firstPicture = new(), first = new(), cached = new(), picture = new(), cachedPicture = new();
            var (bytes, pictureBytes) = (0L, 0L);
            for (var start = 0; start < Starts; start++)
            {
                context.CancellationToken.ThrowIfCancellationRequested();
                await using var server = await ServerProcess.StartAsync(data.FullName, context.CancellationToken);
                using var client = Client(server.Address);
                var kind = start % 2 == 0 ? "" : ".png";
                (start % 2 == 0 ? veryFirst : firstPicture).Add((await GetAsync(client, $"/d/{ids[0]}{kind}")).Milliseconds);
                if (start < Starts - 1)
                    continue;
                foreach (var id in ids.Skip(1).Take(rounds))
                {
                    Add(first, await GetAsync(client, $"/d/{id}"), ref bytes);
                    Add(cached, await GetAsync(client, $"/d/{id}"), ref bytes);
                    Add(picture, await GetAsync(client, $"/d/{id}.png"), ref pictureBytes);
                    Add(cachedPicture, await GetAsync(client, $"/d/{id}.png"), ref pictureBytes);
                }
            }

            var sqlite = await StateAsync(folder);
            var postgres = Environment.GetEnvironmentVariable(Postgres) is { Length: > 0 } connection ? await StateAsync(DemoStoreLocation.InPostgres(connection)) : null;
            await using var loaded = await LoadedServer.StartAsync(data.FullName, context.CancellationToken);
            var (latencies, failed, speed, busy) = await LoadAsync(context, loaded, ids, machine);

            var table = new Table($"a demo of {context.Tokens ?? DefaultTokens} tokens, ms", "median", "most");
            foreach (var (name, samples) in ((string, Samples)[])[
                ("the very first request of a process, the page", veryFirst), ("the very first request of a process, the picture", firstPicture),
                ("first time, the page", first), ("as it was rendered, the page", cached), ("first time, the picture", picture), ("as it was drawn, the picture", cachedPicture)])
                table.Add(name, Table.Number(samples.Median, 1), Table.Number(samples.Quantile(1), 1));
            table.WriteTo(context.Output);
            await context.Output.WriteLineAsync($"{stored / 1024.0:0.0} KB stored, {bytes / 1024.0:0.0} KB sent as a page, {pictureBytes / 1024.0:0.0} KB as a picture");
            await context.Output.WriteLineAsync($"how a demo is now: {sqlite.Median:0} us in SQLite{(postgres is null ? "" : $", {postgres.Median:0} us in PostgreSQL")}");
            await context.Output.WriteLineAsync(
                $"{PerSecond} requests/s beside a run of {context.Model} ({speed:0} tokens/s): p50 {latencies.Quantile(0.5):0.0} ms, p99 {latencies.Quantile(0.99):0.0} ms, most {latencies.Quantile(1):0.0} ms, {failed} failed, processors {Percent(busy)} in use");
            await context.Output.WriteLineAsync();
            Result.Write(
                context.Output,
                ("very_first_ms", Table.Number(veryFirst.Median, 1)), ("very_first_picture_ms", Table.Number(firstPicture.Median, 1)),
                ("first_ms", Table.Number(first.Median, 1)), ("cached_ms", Table.Number(cached.Median, 2)),
                ("picture_ms", Table.Number(picture.Median, 1)), ("cached_picture_ms", Table.Number(cachedPicture.Median, 2)),
                ("stored_bytes", stored.ToString(CultureInfo.InvariantCulture)), ("bytes", bytes.ToString(CultureInfo.InvariantCulture)),
                ("picture_bytes", pictureBytes.ToString(CultureInfo.InvariantCulture)), ("state_sqlite_us", Table.Number(sqlite.Median)),
                ("state_postgres_us", postgres is null ? "none" : Table.Number(postgres.Median)),
                ("requests_per_second", PerSecond.ToString(CultureInfo.InvariantCulture)), ("p50_ms", Table.Number(latencies.Quantile(0.5), 2)),
                ("p99_ms", Table.Number(latencies.Quantile(0.99), 2)), ("failed", failed.ToString(CultureInfo.InvariantCulture)),
                ("tokens_per_second", Table.Number(speed)), ("busy_before", Table.Number(others, 2)), ("busy", Table.Number(busy, 2)));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    /// <summary>Requests for a few demos at a fixed rate, beside a run.</summary>
    private static async Task<(Samples Latencies, int Failed, double TokensPerSecond, double Busy)> LoadAsync(
        BenchmarkContext context, LoadedServer server, IReadOnlyList<DemoId> ids, MachineLoad machine)
    {
        using var client = Client(server.Address);
        server.Generate(context.Model);
        await OpenLoop.RunAsync(PerSecond, WarmUpSeconds, SendAsync, context.CancellationToken);
        machine.Share();
        var (tokens, started) = (server.Tokens, Stopwatch.GetTimestamp());
        var (latencies, failed) = await OpenLoop.RunAsync(PerSecond, Seconds, SendAsync, context.CancellationToken);
        return (latencies, failed, (server.Tokens - tokens) / Stopwatch.GetElapsedTime(started).TotalSeconds, machine.Share());

        async Task<bool> SendAsync(int number)
        {
            using var answer = await client.GetAsync(new Uri($"/d/{ids[number % Hot]}", UriKind.Relative));
            return answer.StatusCode == HttpStatusCode.OK;
        }
    }

    /// <summary>How long a store takes to say how a demo is now, in microseconds.</summary>
    private static async Task<Samples> StateAsync(DemoStoreLocation location)
    {
        await using var store = await DemoStore.OpenAsync(location, new DemoStoreOptions(), TimeProvider.System, NullLogger<DemoStore>.Instance);
        var samples = new Samples();
        for (var read = 0; read < StateReads; read++)
        {
            var started = Stopwatch.GetTimestamp();
            await store.StateAsync(default);
            samples.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        }

        return samples;
    }

    // No decompression: what is measured is the server, and the bytes are those that it sends.
    private static HttpClient Client(Uri address)
    {
        var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = address };
        client.DefaultRequestHeaders.Add("Accept-Encoding", "br");
        return client;
    }

    private static async Task<(double Milliseconds, long Bytes)> GetAsync(HttpClient client, string path)
    {
        var started = Stopwatch.GetTimestamp();
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        var body = await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
        return (Stopwatch.GetElapsedTime(started).TotalMilliseconds, body.Length);
    }

    private static void Add(Samples samples, (double Milliseconds, long Bytes) answer, ref long bytes)
    {
        samples.Add(answer.Milliseconds);
        bytes = answer.Bytes;
    }

    private static string Percent(double share) => $"{share * 100:0} %";
}
