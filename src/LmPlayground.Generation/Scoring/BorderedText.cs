using System.Collections.Immutable;
using LmPlayground.Models;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.Scoring;

/// <summary>Prompt and continuation tokenized as one text, and the border between the tokens that are context and those that are scored.</summary>
internal sealed class BorderedText
{
    private BorderedText(ImmutableArray<int> context, ImmutableArray<TextToken> scored, string whole, int promptLength)
    {
        Context = context;
        Scored = scored;
        Text = whole[scored[0].Start..];
        FromPrompt = promptLength - scored[0].Start;
    }

    /// <summary>The ids before the first scored token: at least one.</summary>
    internal ImmutableArray<int> Context { get; }

    /// <summary>The scored tokens: at least one.</summary>
    internal ImmutableArray<TextToken> Scored { get; }

    /// <summary>The text of the scored tokens.</summary>
    internal string Text { get; }

    /// <summary>How much of <see cref="Text"/> is the prompt's.</summary>
    internal int FromPrompt { get; }

    /// <summary>Context and scored tokens.</summary>
    internal ImmutableArray<int> Ids => [.. Context, .. Scored.Select(token => token.Id)];

    /// <summary>Finds the border for a model.</summary>
    /// <exception cref="PromptException">Nothing to score, or nothing before it.</exception>
    internal static BorderedText Of(ILanguageModel model, string prompt, string continuation)
    {
        if (continuation.Length == 0)
            throw new PromptException("score.empty", $"The text to score is empty: give at least one character.");
        var whole = prompt + continuation;
        var tokens = model.Tokenizer.Encode(whole).ToList();

        // What a tokenizer puts after a text is no part of it.
        while (tokens.Count > 0 && tokens[^1].Length == 0)
            tokens.RemoveAt(tokens.Count - 1);
        var first = tokens.FindIndex(token => token.Start + token.Length > prompt.Length);
        if (first < 0)
            throw new PromptException("score.unknown", $"{model.Card.Name} knows none of the characters to score: give some that it knows.");

        // Tokens that share a character are scored together.
        while (first > 0 && tokens[first - 1].Length > 0 && tokens[first - 1].Start + tokens[first - 1].Length > tokens[first].Start)
            first--;
        ImmutableArray<int> context = [.. model.Card.PromptPrefixIds, .. tokens.Take(first).Select(token => token.Id)];
        if (context.IsEmpty)
            context = [Beginning(model, prompt)];
        return new BorderedText(context, [.. tokens.Skip(first)], whole, prompt.Length);
    }

    private static int Beginning(ILanguageModel model, string prompt) => model.Card.BeginningOfSequenceId ?? throw (
        prompt.Length == 0
            ? new PromptException("score.no_beginning", $"The prompt is empty, and {model.Card.Name} has no token to begin a text with: give at least one character before the text to score.")
            : new PromptException("score.prompt_in_token", $"For {model.Card.Name} the prompt and the beginning of the text are one token, and it has none to begin a text with: give a longer prompt."));
}
