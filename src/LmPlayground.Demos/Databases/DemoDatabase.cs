using System.Data;
using LmPlayground.Demos.Databases.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace LmPlayground.Demos.Databases;

/// <summary>
/// A database that holds demos: how one transaction reads it, how one writes it, and what its errors mean. Writers take turns, across all
/// processes, so that what one of them has looked at stays so until it has written; a write that has ended is on the disk.
/// </summary>
internal abstract class DemoDatabase : IAsyncDisposable
{
    /// <summary>The steps of the schema; a test has more of them.</summary>
    internal IReadOnlyList<SchemaMigration> Migrations { get; init; } = SchemaMigration.All;

    /// <summary>Makes what is missing and upgrades what is old; refuses what cannot be used.</summary>
    internal abstract Task OpenAsync(CancellationToken cancellation);

    /// <summary>Copies the database into a new file.</summary>
    internal abstract Task BackupAsync(string file, CancellationToken cancellation);

    /// <summary>Reads by one query.</summary>
    internal Task<TResult> ReadAsync<TResult>(Func<DemoContext, Task<TResult>> read, CancellationToken cancellation) => TryAsync(
        async () =>
        {
            await using var context = CreateContext();
            context.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
            return await read(context).ConfigureAwait(false);
        },
        repeatable: true,
        cancellation);

    /// <summary>Reads by several queries, all as of one moment; it is never done twice.</summary>
    internal Task<TResult> ReadMomentAsync<TResult>(Func<DemoContext, Task<TResult>> read, CancellationToken cancellation) => TryAsync(
        async () =>
        {
            await using var context = CreateContext();
            context.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
            await using var transaction = await BeginReadAsync(context, cancellation).ConfigureAwait(false);
            return await read(context).ConfigureAwait(false);
        },
        repeatable: false,
        cancellation);

    /// <summary>Writes, all or nothing.</summary>
    /// <param name="write">What is written; it saves its own changes.</param>
    /// <param name="repeatable">Whether doing it twice is as good as once: then a connection that broke is no reason to give up.</param>
    /// <param name="cancellation">Ends it, as long as nothing is written.</param>
    internal virtual Task<TResult> WriteAsync<TResult>(Func<DemoContext, Task<TResult>> write, bool repeatable, CancellationToken cancellation) => TryAsync(
        async () =>
        {
            await using var context = CreateContext();
            await using var transaction = await BeginWriteAsync(context, cancellation).ConfigureAwait(false);
            var result = await write(context).ConfigureAwait(false);

            // Whether a commit that is interrupted has happened nobody would know.
            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
            return result;
        },
        repeatable,
        cancellation);

    public abstract ValueTask DisposeAsync();

    protected abstract DemoContext CreateContext();

    protected abstract Task<IDbContextTransaction> BeginReadAsync(DemoContext context, CancellationToken cancellation);

    protected abstract Task<IDbContextTransaction> BeginWriteAsync(DemoContext context, CancellationToken cancellation);

    /// <summary>What an error of the database means; null for one that is none of it.</summary>
    protected abstract DemoStoreException? Explain(Exception error);

    /// <summary>Whether a connection has broken that another one may replace.</summary>
    protected virtual bool IsBroken(Exception error) => false;

    /// <summary>Does something with the database, and explains its errors.</summary>
    protected async Task<TResult> TryAsync<TResult>(Func<Task<TResult>> work, bool repeatable, CancellationToken cancellation)
    {
        try
        {
            try
            {
                return await work().ConfigureAwait(false);
            }
            catch (Exception error) when (repeatable && !cancellation.IsCancellationRequested && Causes(error).Any(IsBroken))
            {
                return await work().ConfigureAwait(false);
            }
        }
        catch (Exception error) when (
            error is not (DemoStoreException or OperationCanceledException)
            && Causes(error).Select(Explain).FirstOrDefault(told => told is not null) is { } told)
        {
            throw told;
        }
    }

    // What EF Core throws has the database's own error inside.
    private static IEnumerable<Exception> Causes(Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
            yield return cause;
    }
}
