using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace LmPlayground.Demos.Databases;

/// <summary>The tables as classes. The tables themselves are made by the migrations; a test holds the two together.</summary>
internal sealed class DemoContext(DbContextOptions<DemoContext> options) : DbContext(options)
{
    internal DbSet<DemoRow> Demos => Set<DemoRow>();

    internal DbSet<DocumentRow> Documents => Set<DocumentRow>();

    internal DbSet<ReportRow> Reports => Set<ReportRow>();

    internal DbSet<BlockedRow> Blocked => Set<BlockedRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<Hash256>().HaveConversion<HashConverter>();

        // Seconds since 1970: both databases compare them alike.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<SecondsConverter>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<DemoRow>(demo =>
        {
            demo.ToTable("demos").HasKey(row => row.IdHash);
            demo.HasOne(row => row.Document).WithOne().HasForeignKey<DocumentRow>(document => document.IdHash).OnDelete(DeleteBehavior.Cascade);
            demo.HasMany<ReportRow>().WithOne().HasForeignKey(report => report.IdHash).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<DocumentRow>().ToTable("documents").HasKey(row => row.IdHash);
        modelBuilder.Entity<ReportRow>().ToTable("reports").HasKey(row => row.Id);
        modelBuilder.Entity<BlockedRow>().ToTable("blocked").HasKey(row => row.DocumentHash);

        // "OwnerHash" is the column owner_hash, which SQL needs no quotes for.
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
            property.SetColumnName(SnakeCase(property.Name));
    }

    private static string SnakeCase(string name) =>
        string.Concat(name.Select((letter, index) => char.IsUpper(letter) ? (index > 0 ? "_" : "") + char.ToLowerInvariant(letter) : letter.ToString()));

    private sealed class HashConverter() : ValueConverter<Hash256, byte[]>(hash => hash.ToArray(), bytes => Hash256.From(bytes));

    private sealed class SecondsConverter()
        : ValueConverter<DateTimeOffset, long>(time => time.ToUnixTimeSeconds(), seconds => DateTimeOffset.FromUnixTimeSeconds(seconds));
}
