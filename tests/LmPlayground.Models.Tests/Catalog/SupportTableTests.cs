using System.Text.Json;
using LmPlayground.Models.Catalog;

namespace LmPlayground.Models.Tests.Catalog;

/// <summary>The README's table of what loads is made by loading it.</summary>
public sealed class SupportTableTests
{
    private const string Begin = "<!-- what loads: written by SupportTableTests -->";
    private const string End = "<!-- end of what loads -->";

    private static readonly string Readme = Path.Combine(TestFiles.Root, "README.md");

    /// <summary>With LMPLAYGROUND_WRITE_README set the table is written; else it must be what the README has.</summary>
    [Fact]
    public async Task The_readmes_table_is_what_loads()
    {
        using var catalog = new ModelCatalog(new ModelCatalogOptions { IntraOpThreads = 1 });
        var rows = new List<(string Kind, string Architecture, string Tokenizer)>();
        foreach (var directory in Folders())
        {
            using var lease = await catalog.AcquireAsync(directory, TestContext.Current.CancellationToken);
            var card = lease.Model.Card;
            rows.Add((KindOf(card.Kind), card.Architecture, TokenizerOf(directory)));
        }

        var table = Table(rows);
        var text = await File.ReadAllTextAsync(Readme, TestContext.Current.CancellationToken);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, end = text.IndexOf(End, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("LMPLAYGROUND_WRITE_README") is { Length: > 0 })
            await File.WriteAllTextAsync(Readme, text[..begin] + table + text[end..], TestContext.Current.CancellationToken);
        else
            Assert.Equal(table, text[begin..end]);
    }

    private static IEnumerable<string> Folders() =>
        Directory.EnumerateDirectories(TestFiles.AllOfZoo).Order(StringComparer.Ordinal)
            .Append(SharedFiles.SmolLm2)
            .Concat(Directory.EnumerateDirectories(TestFiles.EmbeddedModels).Order(StringComparer.Ordinal));

    private static string Table(IEnumerable<(string Kind, string Architecture, string Tokenizer)> rows)
    {
        var lines = rows.GroupBy(row => row.Kind)
            .OrderBy(group => Array.IndexOf(Kinds, group.Key))
            .Select(kind => $"| {kind.Key} | {Words(kind.Select(row => row.Architecture))} | {Words(kind.Select(row => row.Tokenizer))} |");
        return "\n| kind | architectures that the tests load | tokenizers |\n|---|---|---|\n" + string.Join('\n', lines) + "\n";
    }

    private static string Words(IEnumerable<string> words) => string.Join(", ", words.Distinct().Order(StringComparer.Ordinal));

    private static readonly string[] Kinds =
    [
        "n-gram", "feed-forward", "recurrent", "decoder, cache by concatenation", "decoder, shared cache (GroupQueryAttention)", "encoder-decoder", "masked",
    ];

    private static string KindOf(ModelKind kind) => kind switch
    {
        ModelKind.NGram => Kinds[0],
        ModelKind.FeedForward => Kinds[1],
        ModelKind.Recurrent => Kinds[2],
        ModelKind.ConcatCacheDecoder => Kinds[3],
        ModelKind.SharedCacheDecoder => Kinds[4],
        ModelKind.EncoderDecoder => Kinds[5],
        _ => Kinds[6],
    };

    private static string TokenizerOf(string directory)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(directory, "tokenizer.json")));
        var model = file.RootElement.GetProperty("model").GetProperty("type").GetString()!;
        var isByteLevel = file.RootElement.GetRawText().Contains("\"ByteLevel\"", StringComparison.Ordinal);
        return isByteLevel && model == "BPE" ? "byte-level BPE" : model;
    }
}
