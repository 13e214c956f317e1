using LmPlayground.Runs;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Messages;
using LmPlayground.Runs.Work;
using LmPlayground.Web.State;
using LmPlayground.Web.Tests.Fakes;

namespace LmPlayground.Web.Tests.State;

/// <summary>A comparison is heard as a run is: its start, what it is about, its end.</summary>
public sealed class ComparisonSpeechTests
{
    private readonly ComparisonSpeech _speech = new(Words.Page);
    private JobSnapshot<ComparisonDetail> _run = new() { Detail = new ComparisonDetail { Request = new RunRequest(), Columns = [new ColumnDetail(), new ColumnDetail()] } };

    [Fact]
    public void Its_start_the_first_difference_and_its_end_are_said_each_once()
    {
        Assert.Equal("", Said(JobStatus.Queued));
        Assert.Equal("Loading the models", Said(JobStatus.LoadingModel));
        Assert.Equal("Reading the prompt", Said(JobStatus.ReadingPrompt));
        Assert.Equal("Generating in 2 columns", Said(JobStatus.Working));
        Assert.Equal("Generating in 2 columns", Said(JobStatus.Working, 1));
        Assert.Equal("first difference at token 2", Said(JobStatus.Working, 2, difference: 1));
        Assert.Equal("first difference at token 2", Said(JobStatus.Working, 3, difference: 1));
        Assert.Equal("Finished with 4 tokens: first difference at token 2", Said(JobStatus.Finished, 4, difference: 1));

        _speech.Begin();
        Assert.Equal("Generating in 2 columns", Said(JobStatus.Working, 1));
        Assert.Equal("Finished with 1 token: all columns agree", Said(JobStatus.Finished, 1));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "")]
    [InlineData(2, "2nd in the queue")]
    public void A_place_in_the_queue_is_said_only_where_others_are_before(int place, string said)
    {
        _run = _run with { QueuePosition = place };
        Assert.Equal(said, Said(JobStatus.Queued));
    }

    [Fact]
    public void A_failure_is_said_with_its_reason()
    {
        _run = _run with { Error = Message.Of("test", $"There is no memory.") };
        Assert.Equal("Failed: There is no memory.", Said(JobStatus.Failed));
    }

    private string Said(JobStatus status, int tokens = 0, int? difference = null)
    {
        var column = new ColumnDetail { Steps = [.. Enumerable.Range(0, tokens).Select(i => Scripted.Step(i, "a", 0.5))], Difference = difference };
        _speech.Follow(_run with { Status = status, Detail = _run.Detail with { Columns = [column, column] } });
        return _speech.Text;
    }
}
