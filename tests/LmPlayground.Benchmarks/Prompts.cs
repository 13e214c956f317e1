using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Models;

namespace LmPlayground.Benchmarks;

/// <summary>Prompts of a given length.</summary>
internal static class Prompts
{
    private const string Text =
        "Once upon a time there was a small house at the edge of the wood. A girl lived there with her brother, and every morning they went out to look for berries. ";

    /// <summary>The first <paramref name="length"/> tokens of a text that goes on and on.</summary>
    /// <param name="model">The model that will read it.</param>
    /// <param name="length">How many tokens.</param>
    /// <param name="variant">Where in the text to begin.</param>
    internal static ImmutableArray<int> OfLength(ILanguageModel model, int length, int variant = 0)
    {
        var text = PromptEncoder.Encode(model, Text);
        return [.. Enumerable.Range(variant, length).Select(index => text[index % text.Length])];
    }
}
