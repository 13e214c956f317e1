using System.Text.Json;
using LmPlayground.Runs.Settings;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Runs.Tests.Requests;

public class RunJsonTests
{
    [Fact]
    public void A_request_is_one_object_with_its_version_and_what_was_chosen()
    {
        var request = new RunRequest
        {
            Model = "gpt2",
            Seed = ulong.MaxValue,
            Chat = false,
            PromptIds = [1, 1, 2],
            Stopping = new() { MaxNewTokens = 5, StopStrings = ["\n"] },
            Columns = [new RunRequest { Seed = 2 }],
        };
        Assert.Equal(
            """{"version":1,"model":"gpt2","seed":18446744073709551615,"stop":["\n"],"max_new_tokens":5,"chat":false,"prompt_ids":[1,1,2],"column":[{"seed":2}]}""",
            JsonSerializer.Serialize(request));
        Assert.Equal("""{"version":1}""", RunJson.Write(new RunRequest()).ToJsonString());
    }

    [Theory]
    [InlineData("""{"version":2}""")]
    [InlineData("""{"version":0}""")]
    [InlineData("""{"version":1.5}""")]
    [InlineData("""{"version":99999999999}""")]
    [InlineData("""{"version":"1"}""")]
    [InlineData("""{"version":null}""")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("\"seed\"")]
    [InlineData("""{"promp\ud800":2}""")]
    public void A_document_of_a_later_version_or_of_another_kind_is_refused(string json)
    {
        Assert.Throws<JsonException>(() => RunJson.Read(JsonElement.Parse(json)));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<RunRequest>(json));
    }

    [Fact]
    public void A_document_without_a_version_and_with_unknown_names_is_read()
    {
        var reading = RunJson.Read(JsonElement.Parse("""{"new_setting":{"a":[1]},"":null,"seed":3,"model":null}"""));
        Assert.Equal(new RunRequest { Seed = 3 }, reading.Request);
        Assert.Empty(reading.Problems);
    }

    [Theory]
    [InlineData("""{"prompt":[]}""", "prompt '[]' is no text: it is ignored.")]
    [InlineData("""{"prompt":{"a":1}}""", "prompt '{\"a\":1}' is no text: it is ignored.")]
    [InlineData("""{"prompt":5}""", "prompt '5' is no text: it is ignored.")]
    [InlineData("""{"prompt":"a\ud800"}""", """prompt '"a\\ud800"' is no text: it is ignored.""")]
    [InlineData("""{"temperature":[]}""", "temperature '[]' is no number: it is ignored.")]
    [InlineData("""{"temperature":{}}""", "temperature '{}' is no number: it is ignored.")]
    [InlineData("""{"temperature":9}""", "temperature 9 is outside 0 to 5: 5 is used.")]
    [InlineData("""{"temperature":"\udc00"}""", """temperature '"\\udc00"' is no number: it is ignored.""")]
    [InlineData("""{"chat":[]}""", "chat '[]' is neither true nor false: it is ignored.")]
    [InlineData("""{"task":1}""", "task '1' is not continue, fill, predict or score: it is ignored.")]
    [InlineData("""{"seed":1.5}""", "seed '1.5' is no whole number from 0 to 18446744073709551615: a random one is used.")]
    [InlineData("""{"stop":["x",{"a":1}]}""", "stop '{\"a\":1}' is no text: it is left out.")]
    [InlineData("""{"stop":[null]}""", "stop 'null' is no text: it is left out.")]
    [InlineData("""{"stop":[""]}""", "stop '' is left out: an entry is empty.")]
    [InlineData("""{"prompt_ids":[1,-2]}""", "prompt_ids '-2' is no token id: it is left out.")]
    [InlineData("""{"num_beams":4,"num_beam_groups":3,"diversity_penalty":1}""", "num_beam_groups must divide num_beams (4), and 3 does not. One text is sampled instead.")]
    public void A_value_that_cannot_be_used_is_said_and_for_a_serializer_an_error(string json, string notice)
    {
        Assert.Equal([notice], RunJson.Read(JsonElement.Parse(json)).Notices.Select(notice => notice.Text));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<RunRequest>(json));
    }

    [Fact]
    public void Numbers_may_be_written_as_texts_and_a_list_of_one_as_its_entry()
    {
        var reading = RunJson.Read(JsonElement.Parse("""{"temperature":"0.5","seed":"3","stop":"\\n","stop_token_id":"1,2","early_stopping":true,"num_beams":2}"""));
        Assert.Empty(reading.Problems);
        Assert.Equal(0.5, reading.Request.Find(StageSettings.Of(TemperatureStage.Temperature)));
        Assert.Equal((3ul, Generation.Search.EarlyStopping.WhenFull), (reading.Request.Seed, reading.Request.Search.Beams!.EarlyStopping));
        Assert.Equal([@"\n"], reading.Request.Stopping.StopStrings);
        Assert.Equal([1, 2], reading.Request.Stopping.StopTokenIds);
    }

    [Fact]
    public void A_record_that_holds_requests_is_read_by_any_serializer()
    {
        var pair = JsonSerializer.Deserialize<Dictionary<string, RunRequest?>>("""{"a":{"seed":1},"b":null}""");
        Assert.Equal(new RunRequest { Seed = 1 }, pair!["a"]);
        Assert.Null(pair["b"]);
    }
}
