using LmPlayground.Runs;
using LmPlayground.Runs.Jobs;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.State;
using LmPlayground.Web.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace LmPlayground.Web.Tests.State;

public sealed class SpeechTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly FakeRun _run = new(new RunRequest(), new SamplingOptions());
    private readonly Speech _speech;

    public SpeechTests() => _speech = new Speech(_clock, Words.Page);

    [Fact]
    public void Whole_sentences_are_said_as_they_come_and_the_rest_at_the_end()
    {
        Follow(JobStatus.Working, " The", " cat", " sat", ".", " It");
        Assert.Equal("The cat sat.", _speech.Text);
        Follow(JobStatus.Working, " was", " happy", "!", " And");
        Assert.Equal("It was happy!", _speech.Text);
        _run.Add(Steps(" then"));
        _run.Finish(FinishReason.Length);
        _speech.Follow(_run.Snapshot);
        Assert.Equal("Finished with 10 tokens: And then", _speech.Text);
    }

    [Theory]
    [InlineData("花。", "花。")]
    [InlineData("one\n", "one")]
    [InlineData("no end", "1 token")]
    public void A_sentence_ends_as_its_language_ends_it(string text, string said)
    {
        Follow(JobStatus.Working, text);
        Assert.Equal(said, _speech.Text);
    }

    [Fact]
    public void A_run_that_goes_on_says_only_what_is_new()
    {
        _run.Add(Steps("Old."));
        _speech.Begin(1);
        Follow(JobStatus.Working, " New.");
        Assert.Equal("New.", _speech.Text);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "")]
    [InlineData(2, "2nd in the queue")]
    public void A_place_in_the_queue_is_said_only_where_others_are_before(int place, string said)
    {
        _run.ChangeJob(job => job with { Status = JobStatus.Queued, QueuePosition = place });
        _speech.Follow(_run.Snapshot);
        Assert.Equal(said, _speech.Text);
    }

    private void Follow(JobStatus status, params string[] texts)
    {
        _clock.Advance(TimeSpan.FromSeconds(5));
        _run.Add(Steps(texts));
        _run.ChangeJob(job => job with { Status = status });
        _speech.Follow(_run.Snapshot);
    }

    private static LmPlayground.Generation.TokenStep[] Steps(params string[] texts) => [.. texts.Select((text, i) => Scripted.Step(i, text, 0.5))];
}
