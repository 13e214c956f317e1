using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Inspection;
using LmPlayground.Sharing.Reading;
using LmPlayground.Sharing.Tests.Support;

namespace LmPlayground.Sharing.Tests.Reading;

public class DemoPropertyTests
{
    [Fact]
    public void Any_demo_that_is_written_and_read_is_written_with_the_same_bytes()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var bytes = DemoJson.Write(new AnyDemo(new Random(seed)).Next());
            Assert.True(bytes.AsSpan().SequenceEqual(DemoJson.Write(SharedDemoReader.Read(bytes))), $"seed {seed}");
        }
    }

    [Fact]
    public void Any_demo_can_be_shown()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var demo = new AnyDemo(new Random(seed)).Next();
            Assert.All(demo.Runs, run => Assert.Equal(run.Steps.Count, DemoTokens.Of(demo, run).Length));
        }
    }

    [Fact]
    public void A_changed_document_is_a_demo_that_can_be_shown_or_one_sentence()
    {
        var (demos, refused) = (0, new Dictionary<string, int>());
        for (var seed = 0; seed < 6_000; seed++)
        {
            var random = new Random(seed);
            var bytes = DemoJson.Write(new AnyDemo(new Random(seed % 50)).Next());
            var changed = Mutation.Of(bytes, random);
            try
            {
                var demo = SharedDemoReader.Read(changed);
                foreach (var run in demo.Runs)
                {
                    Assert.Equal(run.Steps.Count, DemoTokens.Of(demo, run).Length);
                    Assert.Equal(run.Steps.Count, new DemoReview(demo, run).Compare(new()).Length);
                }

                demos++;
            }
            catch (SharedDemoException error)
            {
                Assert.DoesNotContain('\n', error.Message);
                Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
                refused[error.Code] = refused.GetValueOrDefault(error.Code) + 1;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{demos} demos; {string.Join(", ", refused.Select(pair => $"{pair.Key} {pair.Value}"))}");
        Assert.InRange(demos, 200, 5_500);
        Assert.True(refused.Count >= 6);
    }
}
