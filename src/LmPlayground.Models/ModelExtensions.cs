namespace LmPlayground.Models;

/// <summary>What a caller needs a model to be able to do.</summary>
public static class ModelExtensions
{
    /// <summary>Whether a model computes with the weights of another one, or is it.</summary>
    public static bool IsMadeOf(this IModel model, IModel origin) =>
        ReferenceEquals(model, origin) || (model is IModelView view && view.Origin.IsMadeOf(origin));

    /// <summary>The model, where it predicts a next token by itself.</summary>
    /// <exception cref="ModelUseException">It is of another kind; the message says what that kind does.</exception>
    public static ILanguageModel AsLanguageModel(this IModel model) => model switch
    {
        ILanguageModel language => language,
        IMaskedModel => throw new ModelUseException("use.masked", $"{model.Card.Name} is a masked model: it fills gaps in a text and does not continue one."),
        IEncoderDecoderModel => throw new ModelUseException("use.encoder_decoder", $"{model.Card.Name} is an encoder-decoder: it needs a source text to write from (--source on the command line)."),
        _ => throw new ModelUseException("use.no_continuation", $"{model.Card.Name} does not continue a text."),
    };

    /// <summary>The model, where it writes from a source text.</summary>
    /// <exception cref="ModelUseException">It is of another kind.</exception>
    public static IEncoderDecoderModel AsEncoderDecoder(this IModel model) =>
        model as IEncoderDecoderModel ?? throw new ModelUseException("use.no_source", $"{model.Card.Name} is no encoder-decoder: it reads no source text. Pick one of T5's or BART's kind, or give the text as the prompt.");

    /// <summary>The model, where it fills the gaps of a text.</summary>
    /// <exception cref="ModelUseException">It is of another kind.</exception>
    public static IMaskedModel AsMaskedModel(this IModel model) =>
        model as IMaskedModel ?? throw new ModelUseException("use.no_mask", $"{model.Card.Name} is no masked model: it cannot fill gaps. Pick one of BERT's kind.");
}
