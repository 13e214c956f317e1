using LmPlayground.Generation.Search;
using LmPlayground.Web.State;

namespace LmPlayground.Web.Tests;

public sealed class SearchAddressTests
{
    public static TheoryData<SearchStrategy> Strategies => [
        new SearchStrategy(),
        new SearchStrategy() { Beams = new BeamSearchOptions { NumBeams = 1 } },
        new SearchStrategy() { Beams = new BeamSearchOptions { NumBeams = 6, LengthPenalty = -0.5, EarlyStopping = EarlyStopping.Never, NumBeamGroups = 3, DiversityPenalty = 0.25 } },
        new SearchStrategy() { Beams = new BeamSearchOptions { EarlyStopping = EarlyStopping.WhenFull }, GuidanceScale = 0 },
        new SearchStrategy() { BestOf = new BestOfOptions { Count = 9 }, GuidanceScale = 1.5, NegativePrompt = "a & b=ü\n花" },
    ];

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Any_strategy_comes_back_from_its_address(SearchStrategy strategy)
    {
        var reading = Read(AddressWriter.Write(new PlaygroundState { Search = strategy }));
        Assert.Equal(strategy, reading.State.Search);
        Assert.Empty(reading.Notices);
    }

    [Theory]
    [InlineData("?num_beams=0", "num_beams must be from 1")]
    [InlineData("?num_beams=4&num_beam_groups=3&diversity_penalty=1", "num_beam_groups must divide")]
    [InlineData("?best_of=5000", "best_of must be from 1")]
    [InlineData("?num_beams=4&num_beam_groups=2", "diversity_penalty must be above 0")]
    public void Settings_that_cannot_be_are_said_and_one_text_is_sampled(string query, string notice)
    {
        var reading = Read(query);
        Assert.False(reading.State.Search.IsSearch);
        Assert.Contains(notice, Assert.Single(reading.Notices), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?guidance_scale=-1", "guidance_scale '-1'")]
    [InlineData("?guidance_scale=nan", "guidance_scale 'nan'")]
    [InlineData("?num_beams=four", "num_beams 'four'")]
    [InlineData("?num_beams=4&length_penalty=long", "length_penalty 'long'")]
    [InlineData("?num_beams=4&early_stopping=maybe", "early_stopping 'maybe'")]
    public void Values_that_are_none_are_said_and_replaced(string query, string notice) =>
        Assert.StartsWith(notice, Assert.Single(Read(query).Notices), StringComparison.Ordinal);

    private static AddressReading Read(string query) => AddressReader.Read(new Uri("http://localhost/" + query));
}
