using LmPlayground.Generation.Search;

namespace LmPlayground.Runs.Tests.Requests;

public class SearchQueryTests
{
    public static TheoryData<SearchStrategy> Strategies => [
        new SearchStrategy(),
        new SearchStrategy { Beams = new BeamSearchOptions { NumBeams = 1 } },
        new SearchStrategy { Beams = new BeamSearchOptions { NumBeams = 6, LengthPenalty = -0.5, EarlyStopping = EarlyStopping.Never, NumBeamGroups = 3, DiversityPenalty = 0.25, NumReturnSequences = 6 } },
        new SearchStrategy { Beams = new BeamSearchOptions { EarlyStopping = EarlyStopping.WhenFull }, GuidanceScale = 0 },
        new SearchStrategy { BestOf = new BestOfOptions { Count = 9, NumReturnSequences = 4 }, GuidanceScale = 1.5, NegativePrompt = "a & b=ü\n花" },
    ];

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Any_strategy_comes_back_from_its_address(SearchStrategy strategy)
    {
        var request = new RunRequest { Search = strategy };
        Assert.Equal(strategy, request.Search);
        var reading = RunQuery.Read(RunQuery.Write(request));
        Assert.Equal(strategy, reading.Request.Search);
        Assert.Empty(reading.Notices);
    }

    [Theory]
    [InlineData("?num_beams=0", "num_beams 0 is outside 1 to 1,024: it is ignored.")]
    [InlineData("?best_of=5000", "best_of 5000 is outside 1 to 1,024: it is ignored.")]
    [InlineData("?num_beams=2.5", "num_beams 2.5 is no whole number: it is ignored.")]
    [InlineData("?num_beams=four", "num_beams 'four' is no number: it is ignored.")]
    [InlineData("?num_beams=4&num_beam_groups=3&diversity_penalty=1", "num_beam_groups must divide num_beams (4), and 3 does not. One text is sampled instead.")]
    [InlineData("?num_beams=4&num_return_sequences=5", "num_return_sequences must be from 1 to num_beams (4), not 5. One text is sampled instead.")]
    [InlineData("?best_of=4&num_return_sequences=5", "num_return_sequences must be from 1 to best_of (4), not 5. One text is sampled instead.")]
    [InlineData("?length_penalty=2", "length_penalty does nothing without num_beams.")]
    [InlineData("?num_return_sequences=2", "num_return_sequences does nothing without num_beams or best_of.")]
    public void Settings_that_cannot_be_are_said_and_one_text_is_sampled(string query, string notice)
    {
        var reading = RunQuery.Read(query);
        Assert.Equal(new RunRequest(), reading.Request);
        Assert.Equal([notice], reading.Notices.Select(notice => notice.Text));
    }

    [Fact]
    public void Beams_win_over_samples()
    {
        var reading = RunQuery.Read("?best_of=3&num_beams=4");
        Assert.Equal(new SearchStrategy { Beams = new BeamSearchOptions { NumBeams = 4 } }, reading.Request.Search);
        Assert.Equal(["best_of does not go with num_beams: beams are followed."], reading.Notices.Select(notice => notice.Text));
    }

    [Theory]
    [InlineData("?guidance_scale=-1", "guidance_scale -1 is outside the finite numbers from 0: it is ignored.")]
    [InlineData("?guidance_scale=Infinity", "guidance_scale Infinity is outside the finite numbers from 0: it is ignored.")]
    [InlineData("?guidance_scale=nan", "guidance_scale 'nan' is no number: it is ignored.")]
    [InlineData("?num_beams=4&length_penalty=-Infinity", "length_penalty -Infinity is outside the finite numbers: it is ignored.")]
    [InlineData("?num_beams=4&length_penalty=long", "length_penalty 'long' is no number: it is ignored.")]
    [InlineData("?num_beams=4&early_stopping=maybe", "early_stopping 'maybe' is not false, true or never: it is ignored.")]
    public void Values_that_are_none_are_said_and_replaced(string query, string notice) => Assert.Equal([notice], RunQuery.Read(query).Notices.Select(notice => notice.Text));

    [Fact]
    public void What_a_number_may_be_is_said_in_few_words()
    {
        Assert.Equal("a finite number", Runs.Settings.SearchSettings.LengthPenalty.Expects);
        Assert.Equal("a finite number, 0 or more", Runs.Settings.SearchSettings.GuidanceScale.Expects);
        Assert.All(RunSettings.All, setting => Assert.InRange(setting.Expects.Length, 1, 150));
    }
}
