using LmPlayground.Sampling.Stages;
using LmPlayground.Web.State;

namespace LmPlayground.Web.Tests;

public sealed class CompareAddressTests
{
    [Fact]
    public void A_new_page_has_an_empty_address() => Assert.Equal("", CompareAddress.Write(new CompareState()));

    [Fact]
    public void Any_comparison_comes_back_from_its_address()
    {
        var neutral = LmPlayground.Web.State.ModelDefaults.Sampling(null);
        var column = new PlaygroundState { ModelId = "a & b", Order = StageOrder.LlamaCpp }
            .With(SamplingStages.Parameters.Single(parameter => parameter.Name == "top_p"), 0.5, neutral)
            .With(SamplingStages.Texts.Single(texts => texts.Name == "bad_words"), ["x&y=z", "花\n"]);
        var state = new CompareState { Prompt = "one & two?\n花", Seed = ulong.MaxValue, Continuation = " a&b", Columns = [column, new(), column] };
        var (read, reference, notices) = Read(CompareAddress.Write(state));
        Assert.Equal(state, read);
        Assert.Null(reference);
        Assert.Empty(notices);
    }

    [Fact]
    public void What_a_column_cannot_have_is_said_with_the_columns_number()
    {
        var (state, _, notices) = Read("?column=temperature%3D1&column=temperature%3D9&column=top_k%3Dnone");
        Assert.Equal(3, state.Columns.Length);
        Assert.Equal(2, notices.Length);
        Assert.StartsWith("Column 2: temperature 9", notices[0], StringComparison.Ordinal);
        Assert.StartsWith("Column 3: top_k 'none'", notices[1], StringComparison.Ordinal);
    }

    [Fact]
    public void One_column_gets_a_second_and_a_ninth_is_left_out()
    {
        Assert.Equal(2, Read("?column=top_k%3D3").State.Columns.Length);
        var (state, _, notices) = Read("?" + string.Join('&', Enumerable.Range(1, 10).Select(k => $"column=top_k%3D{k}")));
        Assert.Equal(8, state.Columns.Length);
        Assert.Contains("8 columns: the last 2", Assert.Single(notices), StringComparison.Ordinal);
    }

    [Fact]
    public void The_playgrounds_settings_stand_beside_a_copy_of_themselves()
    {
        var state = new PlaygroundState { ModelId = "lstm", Prompt = "Hi", Seed = 5 };
        var (read, _, _) = Read(CompareAddress.Beside(state)[CompareAddress.Path.Length..]);
        Assert.Equal(("Hi", 5ul), (read.Prompt, read.Seed!.Value));
        Assert.Equal(["lstm", "lstm"], read.Columns.Select(column => column.ModelId));
    }

    private static (CompareState State, string? PromptReference, System.Collections.Immutable.ImmutableArray<string> Notices) Read(string query) =>
        CompareAddress.Read(new Uri("http://localhost/compare" + query));
}
