using System.Net;

namespace LmPlayground.Models.Hub;

/// <summary>Brings one file into the cache's blobs: goes on where an earlier try broke off, and only a whole file gets its name.</summary>
/// <remarks>
/// A part needs no validator to be gone on with: the address names a commit, whose files never change, and the checksum of the whole is
/// compared at the end. (An ETag would be of no use, since the hub and the hosts that it redirects to give different ones.)
/// </remarks>
internal sealed class BlobDownload(HubClient client, HubRepository repository, HubFile file, string blob, DownloadMeter meter)
{
    private const int BufferSize = 1 << 17;

    /// <summary>Fewer bytes than these in the time that a hub may be silent count as silence: a host that drips never ends.</summary>
    private const int LeastRead = 1 << 12;
    private const string PartSuffix = ".incomplete";

    private string Part => blob + PartSuffix;

    /// <summary>How many bytes are on disk already.</summary>
    public static long Present(string blob) =>
        new FileInfo(blob) is { Exists: true } whole ? whole.Length : new FileInfo(blob + PartSuffix) is { Exists: true } part ? part.Length : 0;

    /// <exception cref="HubException">It cannot be had, or its bytes are wrong; the message says why. What is right so far is kept.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(blob))
        {
            meter.Found(file.Size);
            return;
        }

        await using (var part = OpenPart())
        {
            var isSecondTry = false;
            while (!await FillAsync(part, cancellationToken).ConfigureAwait(false))
            {
                // A part that was cut in the middle of a disk's write may be at fault: once from the beginning.
                meter.Found(-part.Length);
                part.SetLength(0);
                if (isSecondTry)
                    throw new HubException($"{file.Path} arrived twice with bytes that do not fit its checksum; it is thrown away. Try again later, or another network.");
                isSecondTry = true;
            }

            part.Flush(flushToDisk: true);
        }

        File.Move(Part, blob, overwrite: true);
    }

    private FileStream OpenPart()
    {
        try
        {
            return new FileStream(Part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        }
        catch (IOException e) when (File.Exists(Part))
        {
            throw new HubException($"{file.Path} is being downloaded by another program. Wait for it, or stop it.", e);
        }
    }

    /// <summary>Reads what is missing; false if the whole does not fit the checksum.</summary>
    private async Task<bool> FillAsync(FileStream part, CancellationToken cancellationToken)
    {
        using var hash = new BlobHash(file);
        if (part.Length > file.Size)
            part.SetLength(0);
        await HashPresentAsync(part, hash, cancellationToken).ConfigureAwait(false);
        meter.Found(part.Length);
        for (var attempt = 1; part.Length < file.Size; attempt++)
        {
            var before = part.Length;
            try
            {
                if (!await ReceiveAsync(part, hash, cancellationToken).ConfigureAwait(false))
                    return false;
                if (part.Length < file.Size)
                    throw new IOException("it ended too early");
            }
            catch (HubException e) when (e.IsOffline && part.Length > 0)
            {
                throw new HubException($"The connection broke while {file.Path} came: {e.Message} What has arrived is kept: try again to go on.", e) { IsOffline = true };
            }
            catch (Exception e) when (e is HttpRequestException or IOException && !IsDiskFull(e))
            {
                // Bytes that came are progress: only tries that bring nothing count.
                attempt = part.Length > before ? 1 : attempt;
                if (attempt >= client.Options.Tries)
                    throw new HubException($"The connection broke while {file.Path} came ({e.Message}). What has arrived is kept: try again to go on.", e);
                await client.Http.PauseAsync(HubRetries.Backoff(attempt), cancellationToken).ConfigureAwait(false);
            }
            catch (IOException e)
            {
                throw new HubException($"The disk is full: {file.Path} needs {file.Size - part.Length:N0} bytes more. Free some space and try again; what has arrived is kept.", e);
            }
        }

        return part.Length == file.Size && hash.Finish() == file.Checksum;
    }

    private static async Task HashPresentAsync(FileStream part, BlobHash hash, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        part.Position = 0;
        int read;
        while ((read = await part.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            hash.Append(buffer.AsSpan(0, read));
    }

    /// <summary>Appends what one answer brings; false if the hub has another length.</summary>
    private async Task<bool> ReceiveAsync(FileStream part, BlobHash hash, CancellationToken cancellationToken)
    {
        var address = client.AddressOf(repository, file);
        using var response = await client.Http.GetAsync(address, repository.Id.ToString(), part.Length, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            return false;
        var range = response.Content.Headers.ContentRange;
        long skip = 0;
        if (part.Length > 0 && (response.StatusCode != HttpStatusCode.PartialContent || range?.From != part.Length))
        {
            // A host that knows no ranges sends everything: what is here already is passed over.
            if (response.StatusCode == HttpStatusCode.PartialContent)
                return false;
            skip = part.Length;
        }

        await using var content = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = new byte[BufferSize];
        int read;
        while ((read = await ReadAsync(content, buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            var passed = (int)Math.Min(skip, read);
            skip -= passed;
            ReadOnlyMemory<byte> fresh = buffer.AsMemory(passed, read - passed);
            if (part.Length + fresh.Length > file.Size)
                return false;
            await part.WriteAsync(fresh, cancellationToken).ConfigureAwait(false);
            hash.Append(fresh.Span);
            meter.Received(fresh.Length);
        }

        return true;
    }

    /// <summary>Reads what has come, but not less than <see cref="LeastRead"/> bytes before the end.</summary>
    private async Task<int> ReadAsync(Stream content, byte[] buffer, CancellationToken cancellationToken)
    {
        using var limit = client.Http.LimitSilence();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await content.ReadAtLeastAsync(buffer, LeastRead, throwOnEndOfStream: false, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"next to nothing came for {client.Options.Silence.TotalSeconds:0} s", e);
        }
    }

    private static bool IsDiskFull(Exception e)
    {
        const int linuxNoSpace = 28, windowsDiskFull = unchecked((int)0x80070070);
        return e is IOException && e is not HttpIOException && (e.HResult == linuxNoSpace || e.HResult == windowsDiskFull);
    }
}
