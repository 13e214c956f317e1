using System.Text.Json.Nodes;

namespace LmPlayground.Recorded.Tests;

/// <summary>What the program gave when it was recorded, it gives now: see tests/fixtures/recorded/README.md.</summary>
public sealed class RecordedTests(PageDriver pages) : IClassFixture<PageDriver>
{
    private static readonly Recording Addresses = new("addresses.json");
    private static readonly Recording Comparisons = new("comparisons.json");
    private static readonly Recording CommandLines = new("command-lines.json");

    public static TheoryData<string> AddressNames => [.. Addresses.Names];

    public static TheoryData<string> ComparisonNames => [.. Comparisons.Names];

    public static TheoryData<string> CommandLineNames => [.. CommandLines.Names];

    [Theory]
    [MemberData(nameof(AddressNames))]
    public Task An_address_gives_the_tokens_it_gave(string name) =>
        Addresses.HoldAsync(name, given => pages.GenerateAsync(AddressOf(given)));

    [Theory]
    [MemberData(nameof(ComparisonNames))]
    public Task An_address_of_the_compare_page_gives_the_columns_it_gave(string name) =>
        Comparisons.HoldAsync(name, given => pages.CompareAsync(AddressOf(given)));

    [Theory]
    [MemberData(nameof(CommandLineNames))]
    public Task A_command_line_prints_what_it_printed(string name) =>
        CommandLines.HoldAsync(name, CommandLineDriver.RunAsync);

    private static string AddressOf(JsonObject given) => (string)given["address"]!;
}
