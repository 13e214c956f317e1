using System.Collections.Immutable;
using LmPlayground.Generation.PrefixCache;
using LmPlayground.Models;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.Engine;

/// <summary>
/// The loop around model and sampler: prompt in, traced tokens out. Searches, comparisons, scores and masked texts run on its prefix cache
/// and its memory of logits; it knows none of them.
/// </summary>
/// <remarks>Thread-safe: any number of runs at the same time, each of which goes its own way. The same request gives the same tokens, whatever ran before.</remarks>
public sealed class GenerationEngine : IDisposable
{
    private readonly GenerationOptions _options;
    private readonly SequenceCache _sequences;
    private readonly SourceCache _sources;
    private readonly LogitsStore _store;

    /// <summary>An engine with its own prefix cache and its own memory of logits.</summary>
    public GenerationEngine(GenerationOptions? options = null, TimeProvider? time = null)
    {
        _options = options ?? new GenerationOptions();
        Time = time ?? TimeProvider.System;
        _sequences = new SequenceCache(_options.IdleSequences);
        _sources = new SourceCache(_options.EncodedSources);
        _store = new LogitsStore(_options.KeptLogitsBytes, _options.UsualTextBytes);
    }

    /// <summary>
    /// Lets an encoder-decoder read a source: what comes back generates like any model. Sources that were read lately stay encoded; one that
    /// was let go is encoded again when its model is next used.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="sourceIds">The source's ids, special ones included: <see cref="PromptEncoder.EncodeSource"/>.</param>
    /// <param name="cancellationToken">Stops the encoder.</param>
    /// <returns>A view of the model, which need not be disposed. Views of one model and equal sources are equal.</returns>
    /// <exception cref="ArgumentException">No token, an id outside the vocabulary, or more tokens than the encoder reads.</exception>
    /// <exception cref="ModelRunException">The model failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ILanguageModel Encode(IEncoderDecoderModel model, ImmutableArray<int> sourceIds, CancellationToken cancellationToken = default)
    {
        var view = new SourceModel(model, sourceIds, _sources);
        _sources.Read(view, cancellationToken);
        return view;
    }

    /// <summary>Prepares a run; enumerating it generates.</summary>
    public GenerationRun Generate(GenerationRequest request) => new(this, request);

    /// <summary>
    /// How much memory the logits of past steps may take from now on: at most <see cref="GenerationOptions.KeptLogitsBytes"/>. What is above is
    /// let go at once, the oldest first, and computed again where it is asked for.
    /// </summary>
    /// <param name="bytes">The limit in bytes.</param>
    public void LimitKeptLogits(long bytes) => _store.Limit(bytes);

    /// <summary>Drops what is cached of a model. Call it before the model is disposed, and when no run uses it.</summary>
    public void Forget(IModel model)
    {
        _sequences.Forget(model);
        _sources.Forget(model);
    }

    /// <summary>Drops every cached sequence, every encoded source and all kept logits.</summary>
    public void Dispose()
    {
        _sequences.Dispose();
        _sources.Dispose();
        _store.Dispose();
    }

    /// <summary>What tells the time.</summary>
    internal TimeProvider Time { get; }

    /// <summary>How many tokens of a prompt a model reads at once.</summary>
    public int PromptChunk => _options.PromptChunk;

    /// <summary>A place for the logits of a run's steps. Whoever asks for it disposes it.</summary>
    internal RunLogits KeepLogits() => new(_store);

    /// <summary>A sequence that is to read a prompt and what was generated after it, from the prefix cache as far as it is there.</summary>
    internal SequenceLease Rent(ILanguageModel model, ImmutableArray<int> prompt, ImmutableArray<int> generated) =>
        new(_sequences, model, SequencePlan.For(prompt, generated, PromptChunk));

    /// <summary>The same for a request's prompt and the tokens that it continues.</summary>
    internal SequenceLease Rent(GenerationRequest request) => Rent(request.Model, request.PromptIds, request.ContinuedIds);
}
