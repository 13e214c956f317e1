using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using LmPlayground.Generation.Branching;
using LmPlayground.Generation.Comparison;
using LmPlayground.Generation.PrefixCache;
using LmPlayground.Models;

namespace LmPlayground.Generation;

/// <summary>The loop around model and sampler: prompt in, traced tokens out.</summary>
/// <remarks>Thread-safe: any number of runs at the same time, each of which goes its own way. The same request gives the same tokens, whatever ran before.</remarks>
public sealed class GenerationEngine : IDisposable
{
    private readonly GenerationOptions _options;
    private readonly TimeProvider _time;
    private readonly SequenceCache _sequences;
    private readonly SourceCache _sources;
    private readonly LogitsStore _store;

    /// <summary>An engine with its own prefix cache and its own memory of logits.</summary>
    public GenerationEngine(GenerationOptions? options = null, TimeProvider? time = null)
    {
        _options = options ?? new GenerationOptions();
        _time = time ?? TimeProvider.System;
        _sequences = new SequenceCache(_options.IdleSequences);
        _sources = new SourceCache(_options.EncodedSources);
        _store = new LogitsStore(_options.KeptLogitsBytes);
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
    public GenerationRun Generate(GenerationRequest request) => new(this, request, _store);

    /// <summary>Prepares a beam search; enumerating it searches.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    public BeamSearch Search(GenerationRequest request, BeamSearchOptions options) => new(request, options, _sequences, _options, _time);

    internal BeamSearch Search(GenerationRequest request, BeamSearchOptions options, ImmutableArray<int> suppressedIds) =>
        new(request, options, _sequences, _options, _time) { SuppressedIds = suppressedIds };

    /// <summary>Prepares several samples of which the likeliest are returned; enumerating it draws them.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    public BestOfN BestOf(GenerationRequest request, BestOfOptions options) => new(request, options, _sequences, _options, _time);

    /// <summary>Prepares a comparison of several requests; enumerating it generates them side by side.</summary>
    /// <exception cref="ArgumentException">Too few columns or too many.</exception>
    public ComparisonRun Compare(ComparisonRequest request) => new(this, request, _store);

    /// <summary>Measures how a model finds a given continuation of a prompt, on the thread pool.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompt">What stands before; may be empty where the model has a token to begin a text with.</param>
    /// <param name="continuation">What is scored: at least one character.</param>
    /// <param name="cancellationToken">Stops inside the model.</param>
    /// <exception cref="PromptException">Nothing to score, nothing before the first token, or more tokens than the model's context holds.</exception>
    /// <exception cref="Sampling.Candidates.InvalidLogitsException">The model gave logits that have no probabilities.</exception>
    /// <exception cref="ModelRunException">The model failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Task<ContinuationScore> ScoreAsync(
        ILanguageModel model, string prompt, string continuation, CancellationToken cancellationToken = default) =>
        Task.Run(() => new ContinuationScorer(_sequences, _options.PromptChunk).Score(model, prompt, continuation, cancellationToken), cancellationToken);

    /// <summary>Prepares a run over a masked text; enumerating it predicts, fills or scores.</summary>
    public Masking.MaskedRun Fill(Masking.MaskedRequest request) => new(request, _store, _time);

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

    /// <summary>The model computes on the thread pool and never on a caller's own thread, which may be a page's. Who is there already need not hop.</summary>
    private static bool IsOnThreadPool =>
        Thread.CurrentThread.IsThreadPoolThread && SynchronizationContext.Current is null && TaskScheduler.Current == TaskScheduler.Default;

    /// <summary>Goes on on the thread pool.</summary>
    internal static ConfiguredTaskAwaitable HopAsync() =>
        Task.CompletedTask.ConfigureAwait(IsOnThreadPool ? ConfigureAwaitOptions.None : ConfigureAwaitOptions.ForceYielding);

    internal async IAsyncEnumerable<TokenStep> RunAsync(
        GenerationRun run, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await HopAsync();
        using var loop = new GenerationLoop(run, _sequences, _options, _time);
        while (true)
        {
            var step = loop.Next(cancellationToken);
            yield return step;
            if (step.FinishReason is not null)
                yield break;
            await HopAsync();
        }
    }

    internal async IAsyncEnumerable<ComparisonRound> RunAsync(
        ComparisonRun run, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!IsOnThreadPool)
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var loop = new ComparisonLoop(run, _sequences, _options, _time);
        while (loop.Next(cancellationToken) is { } round)
        {
            yield return round;
            if (!IsOnThreadPool)
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
    }

    /// <summary>Computes the logits of a step again that were let go: the same pieces give the same bits.</summary>
    internal void Recompute(
        GenerationRequest request, IEnumerable<int> generated, Span<float> destination, CancellationToken cancellationToken)
    {
        var plan = SequencePlan.For(request.PromptIds, [.. request.ContinuedIds, .. generated], _options.PromptChunk);
        using var lease = new SequenceLease(_sequences, request.Model, plan);
        lease.ReadAll(null, cancellationToken).CopyTo(destination);
        lease.Keep();
    }
}
