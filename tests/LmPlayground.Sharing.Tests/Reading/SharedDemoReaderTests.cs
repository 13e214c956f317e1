using System.Text;
using System.Text.Json.Nodes;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Reading;
using LmPlayground.Sharing.Tests.Support;

namespace LmPlayground.Sharing.Tests.Reading;

public class SharedDemoReaderTests
{
    // A demo with runs, steps, candidates, stages and a branch.
    private static readonly Lazy<byte[]> Whole = new(() => Enumerable.Range(0, 10_000)
        .Select(seed => new AnyDemo(new Random(seed)).Next())
        .Where(demo => demo is { Kind: DemoKind.Run, Runs: [{ Steps.Count: > 2, Search: not null, Stop: not null }, _, ..] }
            && demo.Runs[0].Steps.Stages.Stages.Length > 0 && demo.Runs[0].Steps.Tail is not null && demo.Runs.Any(run => run.Parent is not null))
        .Select(DemoJson.Write).First());

    [Theory]
    [InlineData("", "demo.cut", "The demo ends before it is whole: it was cut, or is still being copied.")]
    [InlineData("{", "demo.cut", "The demo ends before it is whole: it was cut, or is still being copied.")]
    [InlineData("hello", "demo.not_json", "This is no demo: it is not JSON from line 1 on.")]
    [InlineData("{}", "demo.no_version", "This is no demo: it is JSON, but says no version.")]
    [InlineData("[]", "demo.no_object", "This is no demo: it is JSON, but no object.")]
    [InlineData("true", "demo.no_object", "This is no demo: it is JSON, but no object.")]
    [InlineData("{\"version\":0}", "demo.no_such_version", "This is no demo: there is no version 0.")]
    [InlineData("{\"version\":2}", "demo.newer", "The demo has version 2, and this playground opens up to 1: open it in a newer one.")]
    [InlineData("{\"version\":1}", "demo.not_a_demo", "This is no demo of version 1: its content is not what a demo has there.")]
    [InlineData("{\"version\":1,\"prompt\":\"x\"}", "demo.not_a_demo", "This is no demo of version 1: prompt is not what a demo has there.")]
    [InlineData("{\"version\":1} {", "demo.not_json", "This is no demo: it is not JSON from line 1 on.")]
    public void What_is_no_demo_is_refused_in_one_sentence(string text, string code, string message)
    {
        var error = Refused(Encoding.UTF8.GetBytes(text));
        Assert.Equal((code, message), (error.Code, error.Message));
    }

    [Fact]
    public void A_document_cut_anywhere_is_said_to_be_cut()
    {
        for (var length = 0; length < Whole.Value.Length - 1; length += 7)
            Assert.Equal("demo.cut", Refused(Whole.Value.AsSpan(0, length)).Code);
    }

    [Theory]
    [InlineData("title", "demo.text_too_long")]
    [InlineData("note", "demo.text_too_long")]
    [InlineData("models/0/token_texts/0", "demo.text_too_long")]
    [InlineData("runs/0/steps/texts/0", "demo.text_too_long")]
    public void Ten_megabytes_of_one_text_are_refused_for_that_text(string place, string code) =>
        Assert.Equal(code, Refused(Changed(place, new string('x', 10 << 20))).Code);

    [Theory]
    [InlineData("runs/0/prompt_ids", "[2000000]", "demo.id_outside")]
    [InlineData("runs/0/prompt_ids", "[-1]", "demo.id_outside")]
    [InlineData("runs/0/steps/ids/0", "900", "demo.id_outside")]
    [InlineData("models/0/token_ids/0", "900", "demo.id_outside")]
    [InlineData("models/0/vocabulary_size", "1", "demo.id_outside")]
    [InlineData("models/0/vocabulary_size", "2000000001", "demo.value")]
    [InlineData("runs/0/steps/entropies/0", "1e999", "demo.not_finite")]
    [InlineData("runs/0/steps/logits/0", "1e39", "demo.not_finite")]
    [InlineData("runs/0/steps/logits/0", "\"NaN\"", "demo.not_a_demo")]
    [InlineData("runs/0/steps/drawn_at/0", "1.5", "demo.probability")]
    [InlineData("runs/0/steps/candidates/sampled/0", "-0.1", "demo.probability")]
    [InlineData("runs/0/steps/stages/removed_mass/0", "2", "demo.probability")]
    [InlineData("runs/0/steps/candidates/tokens/0", "900", "demo.value")]
    [InlineData("runs/0/steps/candidates/counts/0", "-1", "demo.value")]
    [InlineData("runs/0/steps/candidates/counts/0", "1000000", "demo.value")]
    [InlineData("runs/0/steps/candidates/gaps", "[]", "demo.lengths")]
    [InlineData("runs/0/steps/stages/stages/0", "7", "demo.value")]
    [InlineData("runs/0/steps/tail/bins/0", "0", "demo.value")]
    [InlineData("runs/0/model", "9", "demo.value")]
    [InlineData("runs/0/model", "null", "demo.value")]
    [InlineData("runs/0/parent", "\"run 0\"", "demo.parent")]
    [InlineData("runs/0/parent", "\"run 1\"", "demo.parent")]
    [InlineData("runs/1/id", "\"run 0\"", "demo.run_twice")]
    [InlineData("runs/0/position", "0", "demo.value")]
    [InlineData("runs/0", "null", "demo.value")]
    [InlineData("runs", "[]", "demo.value")]
    [InlineData("runs/0/steps", "null", "demo.not_a_demo")]
    [InlineData("created", "\"2026-01-01T00:00:01Z\"", "demo.value")]
    [InlineData("created", "\"2026-01-01T00:00:00\"", "demo.value")]
    [InlineData("kind", "\"dance\"", "demo.not_a_demo")]
    [InlineData("kind", "0", "demo.not_a_demo")]
    [InlineData("models/0/content_hash", "\"ABC\"", "demo.value")]
    [InlineData("request", "{\"version\":9}", "demo.not_a_demo")]
    [InlineData("request", "{\"temperature\":\"warm\"}", "demo.not_a_demo")]
    [InlineData("note", "\"\\ud800\"", "demo.not_a_demo")]
    [InlineData("title", "null", "demo.not_a_demo")]
    [InlineData("note", "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", "demo.too_deep")]
    public void What_does_not_fit_is_refused(string place, string value, string code)
    {
        var error = Refused(Changed(place, value, isJson: true));
        Assert.True(code == error.Code, $"{error.Code}: {error.Message}");
    }

    [Fact]
    public void Too_many_bytes_values_and_runs_are_refused_before_anything_is_built()
    {
        Assert.Equal("demo.too_large", Refused(new byte[DemoLimits.Bytes + 1]).Code);
        var many = Encoding.UTF8.GetBytes("{\"version\":1,\"x\":[" + string.Concat(Enumerable.Repeat("1,", 7_000_000)) + "1]}");
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("demo.too_many_values", Refused(many).Code);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);

        var demo = SharedDemoReader.Read(Whole.Value);
        var runs = demo with { Runs = [.. Enumerable.Range(0, DemoLimits.Runs + 1).Select(index => demo.Runs[0] with { Id = $"{index}" })] };
        Assert.Equal("demo.too_many", Refused(DemoJson.Write(runs)).Code);
    }

    [Fact]
    public void A_byte_order_mark_is_passed_over() =>
        Assert.Equal(Whole.Value, DemoJson.Write(SharedDemoReader.Read([0xEF, 0xBB, 0xBF, .. Whole.Value])));

    [Fact]
    public void A_name_that_stands_twice_is_refused()
    {
        var text = Encoding.UTF8.GetString(Whole.Value);
        Assert.Equal("demo.not_a_demo", Refused(Encoding.UTF8.GetBytes(text.Insert(1, "\"title\":\"other\","))).Code);
    }

    [Fact]
    public void Nothing_in_a_document_can_be_taken_for_markup()
    {
        var demo = SharedDemoReader.Read(Whole.Value) with { Title = "<script>alert('&')</script>", Note = "</script><!--" };
        var text = Encoding.UTF8.GetString(DemoJson.Write(demo));
        Assert.DoesNotContain('<', text);
        Assert.DoesNotContain('&', text);
        Assert.Equal(demo.Title, SharedDemoReader.Read(DemoJson.Write(demo)).Title);
    }

    private static SharedDemoException Refused(ReadOnlySpan<byte> bytes)
    {
        try
        {
            SharedDemoReader.Read(bytes);
        }
        catch (SharedDemoException error)
        {
            Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
            return error;
        }

        throw new InvalidOperationException("It was opened.");
    }

    private static byte[] Changed(string place, string value, bool isJson = false)
    {
        var root = JsonNode.Parse(Whole.Value)!;
        var parts = place.Split('/');
        var node = parts[..^1].Aggregate(root, (current, part) => int.TryParse(part, out var index) ? current[index]! : current[part]!);
        if (node is JsonArray list)
            list[int.Parse(parts[^1], System.Globalization.CultureInfo.InvariantCulture)] = isJson ? "\u0001mark" : value;
        else
            node[parts[^1]] = isJson ? "\u0001mark" : value;
        var text = root.ToJsonString();
        return Encoding.UTF8.GetBytes(isJson ? text.Replace("\"\\u0001mark\"", value, StringComparison.Ordinal) : text);
    }
}
