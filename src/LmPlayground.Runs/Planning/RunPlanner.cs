using System.Collections.Immutable;
using System.Security.Cryptography;
using LmPlayground.Generation;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Masking;
using LmPlayground.Models;
using LmPlayground.Runs.Settings;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Tokenizers;

namespace LmPlayground.Runs.Planning;

/// <summary>
/// Turns what a person asks for into what the engine does: source, chat template, guidance, the model's own defaults. Page and command line
/// use the same one, so that the same values are the same run.
/// </summary>
/// <param name="engine">What reads sources and generates.</param>
/// <param name="options">What the server decides.</param>
/// <param name="time">The clock that a chat template sees where the request has no time.</param>
public sealed class RunPlanner(GenerationEngine engine, PlanningOptions options, TimeProvider time)
{
    /// <summary>The settings that say what a model reads.</summary>
    public static readonly ImmutableArray<Setting> Texts =
        [RunSettings.Model, RunSettings.Task, RunSettings.Source, RunSettings.Prompt, RunSettings.PromptIds, RunSettings.Chat, RunSettings.System];

    /// <summary>What a run decides itself where it was not chosen: the seed, and the time that a chat template sees.</summary>
    public static readonly ImmutableArray<Setting> Decided = [RunSettings.Seed, RunSettings.TemplateTime];

    /// <summary>The request with what a run decides itself, so that it can be made again.</summary>
    public RunRequest Settle(RunRequest request) => Settle(request, time);

    /// <inheritdoc cref="Settle(RunRequest)"/>
    /// <param name="request">What is asked for.</param>
    /// <param name="time">The clock that a chat template sees.</param>
    public static RunRequest Settle(RunRequest request, TimeProvider time) => request with
    {
        Seed = request.Seed ?? (ulong)RandomNumberGenerator.GetInt32(int.MaxValue),
        TemplateTime = request.TemplateTime ?? WholeSeconds(time.GetLocalNow().DateTime),
    };

    /// <summary>Whether a request asks the same model to go on from the same text as a run does: it can then go on from that one, whatever its settings.</summary>
    /// <param name="run">The run's request, with its time.</param>
    /// <param name="request">The request; one without a time takes the run's.</param>
    public static bool AreOfOneText(RunRequest run, RunRequest request) =>
        run.Only(Texts).Equals(request.Only(Texts)) && (request.TemplateTime is null || request.TemplateTime == run.TemplateTime);

    /// <summary>What is done with the text: what was asked for, or else what the model is made for.</summary>
    public static RunTask TaskOf(RunRequest request, IModel model) =>
        request.Task ?? (model is IMaskedModel ? RunTask.Fill : RunTask.Continue);

    /// <summary>The strategy: the model's defaults with what was chosen.</summary>
    public static SamplingOptions SamplingOf(RunRequest request, IModel model) => request.Sampling(ModelDefaults.Sampling(model.Card, request.Defaults, model is IMaskedModel));

    /// <summary>What a request says that this model ignores: for those who refuse rather than go on.</summary>
    /// <param name="request">The request.</param>
    /// <param name="model">The model.</param>
    /// <param name="called">What settings are called where the request was written; their own names unless given.</param>
    public static IEnumerable<string> Ignored(RunRequest request, IModel model, Func<Setting, string>? called = null)
    {
        called ??= setting => setting.Name;
        if (request.Source is not null && model is not IEncoderDecoderModel)
            yield return $"{model.Card.Name} reads no source text: only an encoder-decoder does. Leave out {called(RunSettings.Source)}, and give the text as the prompt.";
        if (request.Chat is true && model.Card.ChatTemplate is null)
            yield return $"{model.Card.Name} has no chat template: leave out {called(RunSettings.Chat)}, and write the prompt as its text goes on.";
        if (request.System is not null && (model.Card.ChatTemplate is null || request.Chat is false))
            yield return $"{model.Card.Name} reads the prompt as it stands, where a system message has no place: leave out {called(RunSettings.System)}.";
    }

    /// <summary>The ids of the source, or null for a model that reads none.</summary>
    /// <exception cref="PromptException">The source gives no token, or more than the encoder reads.</exception>
    public static ImmutableArray<int>? Source(RunRequest request, IModel model) => model is IEncoderDecoderModel encoderDecoder
        ? PromptEncoder.EncodeSource(encoderDecoder, request.Source ?? ModelDefaults.Source(model.Card))
        : null;

    /// <summary>The loaded model as the one that is asked: an encoder-decoder reads the source first.</summary>
    /// <exception cref="ModelUseException">It is no model that continues a text.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ILanguageModel Adapt(IModel loaded, ImmutableArray<int>? source, CancellationToken cancellationToken) => source is { } ids
        ? engine.Encode(loaded.AsEncoderDecoder(), ids, cancellationToken)
        : loaded.AsLanguageModel();

    /// <summary>The prompt as the model reads it: a user's message where the model has a chat template and nobody decided otherwise, else the text as it stands.</summary>
    /// <exception cref="PromptException">The model cannot begin with it.</exception>
    /// <exception cref="ChatTemplateException">The model's template cannot be rendered.</exception>
    public static PlannedPrompt Prompt(RunRequest request, ILanguageModel model) => Prompt(request, model.Card, model.Tokenizer);

    /// <inheritdoc cref="Prompt(RunRequest, ILanguageModel)"/>
    /// <param name="request">What is asked for.</param>
    /// <param name="card">The card of a model that need not be in memory.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    public static PlannedPrompt Prompt(RunRequest request, ModelCard card, ModelTokenizer tokenizer)
    {
        if (request.PromptIds.Count > 0)
            return new PlannedPrompt(request.PromptIds.Items, null);
        var answers = card.ChatTemplate is not null && request.Chat is not false;
        var text = request.Prompt ?? ModelDefaults.Prompt(card, answers: answers);
        if (!answers || card.ChatTemplate is not { } template)
            return new PlannedPrompt(PromptEncoder.Encode(card, tokenizer, text), null);
        if (string.IsNullOrWhiteSpace(text))
            throw new PromptException("message.empty", $"The message is empty: write one for {card.Name} to answer, or let it read the prompt as plain text.");
        var user = new ChatMessage("user", text);
        var conversation = request.System is { } system ? ChatRequest.For(new ChatMessage("system", system), user) : ChatRequest.For(user);
        var rendered = template.Render(conversation with { Now = request.TemplateTime });
        return new PlannedPrompt(PromptEncoder.EncodeRendered(card, tokenizer, rendered), rendered);
    }

    /// <summary>What the engine is asked for a continuation.</summary>
    /// <param name="request">A request with its seed.</param>
    /// <param name="model">The model that is asked.</param>
    /// <param name="prompt">Its prompt.</param>
    /// <exception cref="PromptException">The model cannot begin with the prompt or the negative prompt, or the server generates no text that long.</exception>
    public GenerationRequest Continuation(RunRequest request, ILanguageModel model, ImmutableArray<int> prompt) =>
        new()
        {
            Model = request.Search.GuidanceScale == 1 ? model : request.Search.Guide(model, prompt),
            PromptIds = prompt,
            Sampling = SamplingOf(request, model),
            Stopping = Allowed(request.Stopping),
            Seed = request.Seed ?? throw new ArgumentException("The request has no seed.", nameof(request)),
            TopCandidates = options.TopCandidates,
        };

    /// <summary>What the engine is asked for a masked text.</summary>
    /// <param name="request">A request with its seed.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="PromptException">The text has more tokens than the model reads.</exception>
    public MaskedRequest Masked(RunRequest request, IMaskedModel model) => new()
    {
        Model = model,
        Text = MaskedText.Read(model, request.Prompt ?? ModelDefaults.Prompt(model.Card, model.Card.MaskToken)),
        Task = TaskOf(request, model) switch
        {
            RunTask.Predict => MaskedTask.Predict,
            RunTask.Score => MaskedTask.Score,
            _ => MaskedTask.Fill,
        },
        Order = request.FillOrder,
        Sampling = SamplingOf(request, model),
        Seed = request.Seed ?? throw new ArgumentException("The request has no seed.", nameof(request)),
        TopCandidates = options.TopCandidates,
    };

    /// <summary>Stop criteria that this server allows.</summary>
    /// <exception cref="PromptException">The server generates no text that long.</exception>
    public StoppingOptions Allowed(StoppingOptions stopping) => stopping.MaxNewTokens <= options.MaxNewTokens ? stopping : throw new PromptException(
        "run.too_many_tokens",
        $"This server generates at most {options.MaxNewTokens:#,0} new tokens in one run, and {stopping.MaxNewTokens:#,0} are asked for. Ask for fewer.");

    private static DateTime WholeSeconds(DateTime now) => new(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Unspecified);
}

/// <summary>A prompt as the model reads it.</summary>
/// <param name="Ids">Its token ids.</param>
/// <param name="Rendered">The conversation that the model's chat template made of it, or null where it is read as it stands.</param>
public sealed record PlannedPrompt(ImmutableArray<int> Ids, string? Rendered);
