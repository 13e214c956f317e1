using System.Buffers.Text;
using System.Text;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Inspection;
using LmPlayground.Sharing.Links;
using LmPlayground.Sharing.Reading;
using LmPlayground.Sharing.Tests.Support;

namespace LmPlayground.Sharing.Tests.Links;

public class DemoLinkTests
{
    [Fact]
    public void Any_demo_that_fits_comes_back_whole_from_its_link()
    {
        var whole = 0;
        for (var seed = 0; seed < 80; seed++)
        {
            var demo = new AnyDemo(new Random(seed)).Next();
            var link = Link(demo);
            if (link is null)
                continue;
            Assert.StartsWith("d1.deflate.", link.Fragment, StringComparison.Ordinal);
            Assert.InRange(link.Fragment.Length, 1, DemoLink.MostCharacters);
            Assert.All(link.Fragment, letter => Assert.True(char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'));
            if (!link.IsWhole)
                continue;
            whole++;
            Assert.Equal(DemoJson.Write(demo), DemoJson.Write(DemoLink.Read("#" + link.Fragment)));
        }

        Assert.True(whole > 25);
    }

    [Theory]
    [InlineData(10, 20)]
    [InlineData(30, 5)]
    [InlineData(40, 1)]
    [InlineData(50, 0)]
    [InlineData(400, 0)]
    public async Task A_run_keeps_as_many_candidates_as_fit_and_is_refused_where_none_do(int tokens, int least)
    {
        await using var bench = new DemoBench();
        var demo = await bench.DemoAsync(DemoRequests.Text("transformer", "Once upon a time", tokens));
        if (tokens == 400)
        {
            Assert.Equal("link.too_long", Assert.Throws<SharedDemoException>(() => DemoLink.Write(demo)).Code);
            return;
        }

        var link = DemoLink.Write(demo);
        TestContext.Current.TestOutputHelper?.WriteLine($"{tokens} tokens: {link.Fragment.Length} characters, {link.Candidates} candidates, logits: {link.HasLogits}");
        var back = DemoLink.Read(link.Fragment);
        Assert.True(link.Candidates >= least);
        Assert.Equal(tokens == 10, link.IsWhole);
        Assert.Equal(demo.Runs[0].Steps.Ids, back.Runs[0].Steps.Ids);
        Assert.Equal(link.Candidates, back.Runs[0].Steps.Candidates.Counts.Max());
        Assert.Equal(link.HasLogits, back.Runs[0].Steps.Tail is not null);
        Assert.True((await bench.Replay.RunAsync(back, cancellationToken: DemoBench.Cancellation)).IsSame);
    }

    [Fact]
    public void What_is_left_out_is_counted_with_the_other_tokens()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var demo = new AnyDemo(new Random(seed)).Next();
            var trimmed = SharedDemoReader.Read(DemoJson.Write(DemoTrimmer.Trim(demo, 3)));
            foreach (var (before, after) in demo.Runs.Zip(trimmed.Runs))
            {
                foreach (var (was, now) in DemoTokens.Of(demo, before).Zip(DemoTokens.Of(trimmed, after)))
                {
                    Assert.Equal(was.Top.Take(3).Concat(was.Top.Skip(3).Where(candidate => candidate.Id == was.Id)).Select(candidate => (candidate.Id, candidate.Text, candidate.Logit)), now.Top.Select(candidate => (candidate.Id, candidate.Text, candidate.Logit)));
                    Assert.Equal(was.Others.Count + was.Top.Length, now.Others.Count + now.Top.Length);
                    Assert.Equal(was.Others.KeptCount + was.Top.Count(candidate => candidate.RemovedBy is null), now.Others.KeptCount + now.Top.Count(candidate => candidate.RemovedBy is null));
                }
            }
        }
    }

    [Theory]
    [InlineData("", "link.not_a_demo", null)]
    [InlineData("temperature=1", "link.not_a_demo", null)]
    [InlineData("d1.deflate", "link.not_a_demo", null)]
    [InlineData("d2.deflate.AAAA", "link.version", "d2")]
    [InlineData("d1.br.AAAA", "link.codec", "br")]
    [InlineData("d1.<b>evil</b>.AAAA", "link.codec", "?b?evil??b?")]
    [InlineData("d1.deflate.!!!!", "link.damaged", null)]
    [InlineData("d1.deflate.AAAA", "link.damaged", null)]
    public void Another_version_or_codec_is_named_and_a_damaged_link_is_said_to_be_one(string fragment, string code, string? named)
    {
        var error = Assert.Throws<SharedDemoException>(() => DemoLink.Read(fragment));
        Assert.Equal(code, error.Code);
        Assert.True(named is null || error.Message.Contains($"\"{named}\"", StringComparison.Ordinal), error.Message);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_link_that_unpacks_to_much_is_refused_while_it_unpacks()
    {
        var bomb = "d1.deflate." + Base64Url.EncodeToString(DemoLink.Compress(Encoding.ASCII.GetBytes(new string(' ', 5 << 20))));
        Assert.InRange(bomb.Length, 1, DemoLink.MostCharacters);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("link.too_large", Assert.Throws<SharedDemoException>(() => DemoLink.Read(bomb)).Code);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
        Assert.Equal("link.too_long", Assert.Throws<SharedDemoException>(() => DemoLink.Read("d1.deflate." + new string('A', 9000))).Code);
    }

    [Fact]
    public void A_changed_link_is_one_sentence_and_never_another_demo()
    {
        var random = new Random(1);
        var link = DemoLink.Write(new AnyDemo(new Random(3)).Next()).Fragment;
        for (var i = 0; i < 3000; i++)
        {
            var letters = link.ToCharArray();
            letters[random.Next(letters.Length)] = (char)random.Next(33, 127);
            var text = random.Next(4) switch { 0 => link[..random.Next(link.Length)], 1 => link + "AAAA", _ => new string(letters) };
            var error = Record.Exception(() => DemoLink.Read(text));
            Assert.True(text == link ? error is null : error is SharedDemoException, $"{text}: {error}");
        }
    }

    /// <summary>The link of a demo; null where it fits into none.</summary>
    private static DemoLinkText? Link(SharedDemo demo)
    {
        try
        {
            return DemoLink.Write(demo);
        }
        catch (SharedDemoException error) when (error.Code == "link.too_long")
        {
            return null;
        }
    }
}
