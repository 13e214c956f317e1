using LmPlayground.Tokenizers.Loading;

namespace LmPlayground.Tokenizers.Tests;

public sealed class ReadmeTests
{
    [Fact]
    public void The_example_of_the_readme_runs_and_prints_what_stands_there()
    {
        using var Console = ReadmeSample.Output();
        Directory.SetCurrentDirectory(TestFiles.Root);

        // The README's example begins.
        var tokenizer = TokenizerFolder.Load("wwwroot-assets/models/transformer");

        var text = "Once upon a time, 東京!";
        foreach (var token in tokenizer.Encode(text))
            Console.WriteLine($"{token.Id,5} {token.Start,3} {text.Substring(token.Start, token.Length),-6} {tokenizer.TokenOf(token.Id)}");

        // Ids as a model gives them, one by one: a character split over tokens comes once, whole, with the token that completes it.
        var stream = tokenizer.StartStream();
        foreach (var token in tokenizer.Encode("東京"))
            Console.WriteLine($"{token.Id,5} '{stream.Append(token.Id)}'");
        // The README's example ends.

        ReadmeSample.Hold("LmPlayground.Tokenizers", "ReadmeTests.cs", Console.ToString());
    }
}
