using System.Text.Json;
using LmPlayground.Runs.Settings;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Runs.Tests.Requests;

public class ColumnsTests
{
    [Fact]
    public void Columns_that_change_nothing_stand_in_an_address_too()
    {
        var request = new RunRequest { Seed = ulong.MaxValue, Columns = [new RunRequest { Model = "a & b" }, new(), new()] };
        Assert.Equal("?seed=18446744073709551615&column=model%3Da%2520%2526%2520b&column=&column=", RunQuery.Write(request));
        Assert.Equal(request, RunQuery.Read(RunQuery.Write(request)).Request);
    }

    [Fact]
    public void What_a_column_cannot_have_is_said_with_the_columns_number()
    {
        var reading = RunQuery.Read("?column=temperature%3D1&column=temperature%3D9&column=top_k%3Dnone");
        Assert.Equal(3, reading.Request.Columns.Count);
        Assert.Equal(["Column 2: temperature 9 is outside 0 to 5: 5 is used.", "Column 3: top_k 'none' is no number: it is ignored."], reading.Notices.Select(notice => notice.Text));
    }

    [Fact]
    public void Columns_have_no_columns()
    {
        const string notice = "Column 1: a column has no columns of its own: they are left out.";
        var expected = new RunRequest { Columns = [new RunRequest { Seed = 1 }] };
        var query = RunQuery.Read("?column=seed%3D1%26column%3Dseed%253D2");
        Assert.Equal((expected, notice), (query.Request, Assert.Single(query.Notices.Select(notice => notice.Text))));
        var json = RunJson.Read(JsonElement.Parse("""{"column":[{"seed":1,"column":[{"seed":2}]}]}"""));
        Assert.Equal((expected, notice), (json.Request, Assert.Single(json.Notices.Select(notice => notice.Text))));
    }

    [Theory]
    [InlineData("""{"column":[1]}""")]
    [InlineData("""{"column":[{"version":2}]}""")]
    public void A_document_whose_column_is_none_is_refused(string json) =>
        Assert.Throws<JsonException>(() => RunJson.Read(JsonElement.Parse(json)));

    [Fact]
    public void Columns_that_are_no_list_are_said()
    {
        var reading = RunJson.Read(JsonElement.Parse("""{"seed":1,"column":{}}"""));
        Assert.Equal(new RunRequest { Seed = 1 }, reading.Request);
        Assert.Single(reading.Notices);
    }

    [Fact]
    public void A_column_is_laid_over_what_all_share()
    {
        var temperature = StageSettings.Of(TemperatureStage.Temperature);
        var shared = new RunRequest { Prompt = "Hi", Seed = 5 }.With(temperature, 0.5);
        Assert.Equal(new RunRequest { Prompt = "Ho", Seed = 5 }.With(temperature, 0.5), shared.With(new RunRequest { Prompt = "Ho" }));
        Assert.Equal(shared, shared.With(new RunRequest()));
    }
}
