using System.Collections.Immutable;
using LmPlayground.Models;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.Search;

/// <summary>
/// A model under classifier-free guidance: after the prompt, its logits are u + g * (c - u), where c is the log-softmax after the prompt and
/// the generated tokens, and u the log-softmax after the negative prompt and the same tokens. Sampling, beam search and best-of-n take it
/// as any model. Costs two passes a token.
/// </summary>
/// <remarks>
/// As transformers' <c>UnbatchedClassifierFreeGuidanceLogitsProcessor</c>: the first thing done to the logits, and not normalised after.
/// It is made for one prompt and does not own the model beneath: disposing it does nothing. Thread-safe.
/// </remarks>
public sealed class GuidedModel : IModelView
{
    private GuidedModel(ILanguageModel inner, GuidanceOptions options, ImmutableArray<int> prompt)
    {
        Inner = inner;
        Scale = options.Scale;
        PromptLength = prompt.Length;
        NegativeIds = options.NegativeIds.IsEmpty ? [prompt[^1]] : options.NegativeIds;
        var longer = Math.Max(0, NegativeIds.Length - PromptLength);
        Card = inner.Card with { ContextLength = inner.Card.ContextLength - longer };
    }

    /// <summary>The model's card. The context is shorter where the negative prompt is longer than the prompt.</summary>
    public ModelCard Card { get; }

    /// <inheritdoc/>
    public ModelTokenizer Tokenizer => Inner.Tokenizer;

    /// <summary>The model without guidance.</summary>
    public ILanguageModel Inner { get; }

    /// <inheritdoc/>
    public IModel Origin => Inner;

    internal double Scale { get; }

    internal int PromptLength { get; }

    internal ImmutableArray<int> NegativeIds { get; }

    /// <summary>The model under guidance for one prompt; the model itself where the scale is 1.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Scale and negative prompt.</param>
    /// <param name="prompt">The ids of the prompt that the request will have.</param>
    /// <exception cref="SettingException">The scale is not a number of 0 or more.</exception>
    /// <exception cref="PromptException">The model cannot begin with the prompt or the negative prompt.</exception>
    public static ILanguageModel For(ILanguageModel model, GuidanceOptions options, ImmutableArray<int> prompt)
    {
        if (!double.IsFinite(options.Scale) || options.Scale < 0)
            throw new SettingException("guidance.range", $"guidance_scale must be a number of 0 or more; 1 is off.");
        PromptEncoder.Check(model, prompt);
        if (!options.NegativeIds.IsEmpty)
            CheckNegative(model, options.NegativeIds);
        return options.Scale == 1 ? model : new GuidedModel(model, options, prompt);
    }

    /// <inheritdoc/>
    public IDecoderSession StartSession()
    {
        var conditional = Inner.StartSession();
        try
        {
            return new GuidedSession(this, conditional, Inner.StartSession());
        }
        catch
        {
            conditional.Dispose();
            throw;
        }
    }

    /// <summary>Does nothing: the model beneath belongs to whoever loaded it.</summary>
    public void Dispose()
    {
    }

    private static void CheckNegative(ILanguageModel model, ImmutableArray<int> ids)
    {
        try
        {
            PromptEncoder.Check(model, ids);
        }
        catch (PromptException exception)
        {
            throw new PromptException("negative_prompt", $"Negative prompt: {exception.Message}");
        }
    }
}
