using LmPlayground.Demos;
using LmPlayground.Web.Operating;

namespace LmPlayground.Web.Tests.Operating;

public class DemoTargetTests
{
    private static readonly DemoId Id = DemoId.Of(OwnerSecret.Create(), Hash256.Of([1]), 0);

    [Theory]
    [InlineData("{id}")]
    [InlineData("/d/{id}")]
    [InlineData("http://127.0.0.1:5000/d/{id}")]
    [InlineData("https://example.org/d/{id}?t=3")]
    [InlineData("https://example.org/d/{id}.json?download")]
    [InlineData("https://example.org/d/{id}/embed#token-3")]
    [InlineData("https://example.org/path/d/{id}/report")]
    public void A_link_and_every_address_below_it_names_its_demo(string text)
    {
        var target = DemoTarget.Read(text.Replace("{id}", Id.ToString(), StringComparison.Ordinal));
        Assert.Equal((Id, Id.Hash, Id.ToString()), (target!.Id, target.Hash, target.ToString()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_hash_is_one_in_either_case(bool upper)
    {
        var text = Id.Hash.ToString();
        var target = DemoTarget.Read(upper ? text.ToUpperInvariant() : text);
        Assert.Equal((null, Id.Hash, text), (target!.Id, target.Hash, target.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("demo")]
    [InlineData("/d/")]
    [InlineData("https://example.org/links")]
    [InlineData("https://example.org/?model=ngram#d1.br.AAAA")]
    public void Anything_else_is_none(string text) => Assert.Null(DemoTarget.Read(text));

    [Fact]
    public void An_id_that_is_cut_or_has_more_to_it_is_none()
    {
        Assert.Null(DemoTarget.Read(Id.ToString()[..^1]));
        Assert.Null(DemoTarget.Read($"https://example.org/d/{Id}2"));
        Assert.Null(DemoTarget.Read(Id.Hash.ToString()[..^2]));
    }
}
