using LmPlayground.Models;
using LmPlayground.Tokenizers;

namespace LmPlayground.Runs.Planning;

/// <summary>How many tokens a request gives its model to read, before there is a run.</summary>
/// <param name="Tokens">The tokens, with those that the model's tokenizer and chat template put around the text.</param>
/// <param name="Most">With how many a run can begin; null where nothing limits it, or the limit is not known yet.</param>
/// <param name="IsSource">Whether it is the source text of an encoder-decoder.</param>
public sealed record PromptLength(int Tokens, int? Most, bool IsSource = false)
{
    /// <summary>By how many tokens the text has to be shortened; 0 where it can be read.</summary>
    public int Excess => Math.Max(0, Tokens - (Most ?? Tokens));

    /// <summary>Counts as a run would.</summary>
    /// <param name="request">A request with its texts.</param>
    /// <param name="card">The model's card.</param>
    /// <param name="tokenizer">The model's tokenizer; the model need not be in memory.</param>
    /// <exception cref="Generation.PromptException">The model cannot begin with the text.</exception>
    /// <exception cref="ChatTemplateException">The model's template cannot be rendered.</exception>
    public static PromptLength Of(RunRequest request, ModelCard card, ModelTokenizer tokenizer)
    {
        if (card.Kind == ModelKind.EncoderDecoder)
            return new PromptLength(tokenizer.Encode(request.Source ?? ModelDefaults.Source(card)).Count, card.SourceContextLength, IsSource: true);
        if (card.MaskToken is { } mask)
            return new PromptLength(tokenizer.Encode(request.Prompt ?? ModelDefaults.Prompt(card, mask)).Count, card.ContextLength);

        // The context holds at least one new token.
        return new PromptLength(RunPlanner.Prompt(request, card, tokenizer).Ids.Length, card.ContextLength - 1);
    }
}
