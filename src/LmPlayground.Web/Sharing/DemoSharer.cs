using System.IO.Compression;
using LmPlayground.Demos;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Links;
using LmPlayground.Web.Access;

namespace LmPlayground.Web.Sharing;

/// <summary>What a visitor does with links to demos: makes them, and looks after those of one browser.</summary>
/// <param name="shelf">Where demos are kept.</param>
/// <param name="limiter">How many one client may make.</param>
/// <param name="visitor">Who asks.</param>
internal sealed class DemoSharer(DemoShelf shelf, ClientLimiter limiter, Visitor visitor)
{
    private const string Codec = "br";
    private const string SealedCodec = "aes-gcm";

    /// <summary>The path of a demo.</summary>
    internal static string PathOf(DemoId id) => $"/d/{id}";

    /// <summary>The path of a demo that stands in the address itself.</summary>
    internal static string PathOfAddress(DemoLinkText link) => $"/d#{link.Fragment}";

    /// <summary>How many days a link may work, in ascending order.</summary>
    internal IReadOnlyList<int> Days => shelf.Options.EffectiveAllowedDays;

    /// <summary>How many days it works if nobody chose.</summary>
    internal int UsualDays => shelf.Options.DefaultDays;

    /// <summary>Whether a link may work for ever.</summary>
    internal bool AllowsForever => shelf.Options.AllowForever;

    /// <summary>Keeps a demo and makes its link.</summary>
    /// <exception cref="DemoStoreException">It cannot be kept; the message says why and what to do.</exception>
    internal Task<SavedDemo> ShareAsync(OwnerSecret owner, SharedDemo demo, DemoLifetime lifetime, CancellationToken cancellationToken) =>
        KeepAsync(owner, () => Kept(demo, lifetime), cancellationToken);

    /// <summary>Keeps a demo that the browser has encrypted, and makes its link, to which the browser adds the key.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="document">What the browser made of it: never twice the same, so that its link is always a new one.</param>
    /// <param name="title">The title, which everybody may read.</param>
    /// <param name="lifetime">How long it works.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DemoStoreException">It cannot be kept; the message says why and what to do.</exception>
    internal Task<SavedDemo> ShareSealedAsync(OwnerSecret owner, byte[] document, string title, DemoLifetime lifetime, CancellationToken cancellationToken) => KeepAsync(
        owner,
        () => new NewDemo
        {
            DocumentHash = Hash256.Of(document),
            Document = document,
            Codec = SealedCodec,
            Size = document.Length,
            Title = title,
            Kind = "encrypted",
            IsEncrypted = true,
            Lifetime = lifetime,
        },
        cancellationToken);

    private async Task<SavedDemo> KeepAsync(OwnerSecret owner, Func<NewDemo> demo, CancellationToken cancellationToken)
    {
        using var share = limiter.Acquire(ClientAct.StoreDemo, visitor.Client);
        if (!share.IsAcquired)
            throw new DemoStoreException("demos.too_often", $"{limiter.Refusal(ClientAct.StoreDemo).Words}");
        var store = await shelf.OpenAsync(cancellationToken);
        return await store.SaveAsync(owner, demo(), cancellationToken);
    }

    /// <summary>A browser's links, the newest first.</summary>
    internal async Task<IReadOnlyList<OwnedDemo>> ListAsync(OwnerSecret owner, CancellationToken cancellationToken) =>
        await (await shelf.OpenAsync(cancellationToken)).ListAsync(owner, cancellationToken);

    /// <summary>Ends a link for ever.</summary>
    internal Task RevokeAsync(OwnerSecret owner, DemoId id) => ChangeAsync(id, store => store.RevokeAsync(owner, id));

    /// <summary>Gives a link another title.</summary>
    internal Task RenameAsync(OwnerSecret owner, DemoId id, string title) => ChangeAsync(id, store => store.RenameAsync(owner, id, title));

    /// <summary>Sets when a link ends, counted from now.</summary>
    internal Task SetExpiryAsync(OwnerSecret owner, DemoId id, DemoLifetime lifetime) => ChangeAsync(id, store => store.SetExpiryAsync(owner, id, lifetime));

    private async Task ChangeAsync(DemoId id, Func<IDemoStore, Task> change)
    {
        await change(await shelf.OpenAsync(CancellationToken.None));
        shelf.Tell(id.Hash);
    }

    private static NewDemo Kept(SharedDemo demo, DemoLifetime lifetime)
    {
        var document = DemoJson.Write(demo);
        return new NewDemo
        {
            DocumentHash = Hash256.Of(document),
            Document = Compress(document),
            Codec = Codec,
            Size = document.Length,
            Title = demo.Title,
            Kind = demo.Kind.ToString().ToLowerInvariant(),
            Lifetime = lifetime,
        };
    }

    private static byte[] Compress(byte[] document)
    {
        var compressed = new byte[BrotliEncoder.GetMaxCompressedLength(document.Length)];
        return BrotliEncoder.TryCompress(document, compressed, out var length, quality: 9, window: 22)
            ? compressed[..length]
            : throw new InvalidOperationException("A document outgrew the bound of its compression.");
    }
}
