using Bunit;
using LmPlayground.Tokenizers;
using LmPlayground.Web.Components.Pages;
using LmPlayground.Web.State;
using LmPlayground.Web.Tests.Fakes;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace LmPlayground.Web.Tests;

/// <summary>The page of tokens: what is shown of a split, and what the address and the pickers do.</summary>
public sealed class TokensPageTests : PageTest
{
    [Fact]
    public void A_split_shows_whole_characters_bytes_of_others_and_special_tokens()
    {
        var split = TokenSplit.Of(FakeTokenizerList.Tokenizer, "ab é<s>");
        Assert.Equal(
            [(SplitPieceKind.Text, "ab"), (SplitPieceKind.Text, " "), (SplitPieceKind.Part, "<0xC3>"), (SplitPieceKind.Part, "<0xA9>"), (SplitPieceKind.Special, "<s>")],
            split.Pieces.Select(piece => (piece.Kind, piece.Text)));
        Assert.Equal((5, 7, 8, false), (split.Tokens, split.Characters, split.Bytes, split.Drops));
    }

    [Fact]
    public void Characters_without_a_token_are_told_of()
    {
        Assert.True(TokenSplit.Of(FakeTokenizerList.Tokenizer, "a\u4E00").Drops);
        Assert.False(TokenSplit.Of(FakeTokenizerList.Tokenizer, "").Drops);
    }

    [Fact]
    public void A_long_text_is_counted_whole_and_shown_in_part()
    {
        var split = TokenSplit.Of(FakeTokenizerList.Tokenizer, string.Concat(Enumerable.Repeat("ab ", 5000)));
        Assert.Equal(10_000, split.Tokens);
        Assert.Equal(TokenSplit.MostShown, split.Pieces.Length);
        Assert.Equal(7000, split.Hidden);
    }

    [Fact]
    public void An_address_keeps_the_text_and_both_models()
    {
        var state = new TokensState { Text = "a & b 天 👍", ModelId = "lstm", OtherId = "transformer" };
        Assert.Equal(state, TokensState.Format.Read(TokensState.Format.Write(state)).State);
    }

    [Fact]
    public void The_page_splits_the_text_of_its_address_and_a_second_tokenizer_stands_beside()
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/tokens?prompt=ab%20%3Cb%3E");
        var page = Render<Tokens>();
        page.WaitForAssertion(() => Assert.Contains("5", page.Find("[data-testid=counts] dd").TextContent, StringComparison.Ordinal));
        Assert.Equal(["256", "32", "60", "98", "62"], page.FindAll(".piece").Select(piece => piece.GetAttribute("data-id")));
        page.Find("[data-testid=add]").Click();
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("[data-testid=counts]").Count));
        Rest();
        Assert.Equal("with=lstm", Services.GetRequiredService<NavigationManager>().Uri.Split('&')[^1]);
        Assert.Equal(["transformer", "lstm"], Tokenizers.Asked.Distinct());
    }

    [Fact]
    public void A_tokenizer_that_cannot_be_read_is_told_of()
    {
        Tokenizers.Failure = new ModelLoadException("folder/tokenizer.json", "is missing.");
        var page = Render<Tokens>();
        page.WaitForAssertion(() => Assert.Contains("folder/tokenizer.json: is missing.", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
    }
}
