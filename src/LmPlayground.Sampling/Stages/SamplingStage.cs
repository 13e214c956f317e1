using System.Collections.Immutable;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>
/// The declaration of one stage of the chain: its name, its parameters, and how the options make a processor of it.
/// Adding a stage is one subclass and one line in <see cref="SamplingStages"/>.
/// </summary>
public abstract class SamplingStage
{
    /// <summary>Its name in the order of stages, in traces and in JSON: "top_p".</summary>
    public abstract string Name { get; }

    /// <summary>Its name for people: "Top-p".</summary>
    public abstract string Label { get; }

    /// <summary>The kind of thing it does.</summary>
    public abstract StageGroup Group { get; }

    /// <summary>Whether it is for those who know what they look for: a page folds it away.</summary>
    public virtual bool IsAdvanced => false;

    /// <summary>The numbers it takes; the first one is its main control. Empty for a stage that takes texts alone.</summary>
    public abstract ImmutableArray<NumberParameter> Parameters { get; }

    /// <summary>The lists of texts it takes.</summary>
    public virtual ImmutableArray<TextListParameter> Texts => [];

    /// <summary>Whether these options turn it on.</summary>
    public abstract bool IsOn(SamplingOptions options);

    /// <summary>The processor for these options, or null where the stage is off.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="vocabulary">What the chain knows of the model's tokens, or null.</param>
    /// <exception cref="InvalidOperationException">The stage needs a vocabulary and was given none.</exception>
    /// <exception cref="SettingException">A text or an id in the settings fits no token of the vocabulary.</exception>
    public ILogitsProcessor? Create(SamplingOptions options, ISamplingVocabulary? vocabulary = null) =>
        IsOn(options) ? Build(options, vocabulary) : null;

    /// <summary>The processor for options that turn the stage on.</summary>
    protected abstract ILogitsProcessor Build(SamplingOptions options, ISamplingVocabulary? vocabulary);

    /// <summary>The vocabulary, for a stage that cannot do without it.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    protected ISamplingVocabulary Need(ISamplingVocabulary? vocabulary) => vocabulary ?? throw new InvalidOperationException(
        $"The stage '{Name}' must know the model's tokens: give the chain a vocabulary.");
}
