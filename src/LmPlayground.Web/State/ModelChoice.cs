using System.Collections.Immutable;
using LmPlayground.Models.Catalog;
using LmPlayground.Runs;
using LmPlayground.Runs.Planning;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Web.State;

/// <summary>A request together with the model that it means, and all that follows from the two: computed once for each change.</summary>
internal sealed record ModelChoice
{
    private static readonly ImmutableArray<string> UsualExamples = [ModelDefaults.FallbackPrompt, "The little dog was very happy because", "One day, a girl found"];
    private static readonly ImmutableArray<string> UsualQuestions = [ModelDefaults.FallbackQuestion, "Tell me a story about a cat and a hat."];
    private static readonly ImmutableArray<string> UsualSources =
        [ModelDefaults.FallbackSource, "It rained all day, so the children stayed inside and built a house of cards."];

    private ModelChoice(RunRequest request, ModelEntry? entry, int? defaults)
    {
        Request = request;
        Entry = entry;
        Defaults = ModelDefaults.Sampling(entry?.Card, defaults, IsMasked);
        Options = request.Sampling(Defaults);
        Prompt = request.Prompt ?? (ReadsSource ? "" : ModelDefaults.Prompt(entry?.Card, entry?.MaskToken, IsChat));
        Source = ReadsSource ? request.Source ?? ModelDefaults.Source(entry?.Card) : null;
        ChangedCount = Sampling.Stages.SamplingStages.Parameters.Count(parameter => Options[parameter] != Defaults[parameter]);
    }

    /// <summary>What was chosen.</summary>
    internal RunRequest Request { get; }

    /// <summary>The model that is meant; null where there is none.</summary>
    internal ModelEntry? Entry { get; }

    /// <summary>The model's own settings.</summary>
    internal SamplingOptions Defaults { get; }

    /// <summary>The settings in use.</summary>
    internal SamplingOptions Options { get; }

    /// <summary>The prompt in use.</summary>
    internal string Prompt { get; }

    /// <summary>The source text in use; null for a model that reads none.</summary>
    internal string? Source { get; }

    /// <summary>How many numbers of the sampler differ from the model's own.</summary>
    internal int ChangedCount { get; }

    /// <summary>Whether the model fills gaps.</summary>
    internal bool IsMasked => Entry?.MaskToken is not null;

    /// <summary>Whether the model has a chat template.</summary>
    internal bool HasChatTemplate => Entry?.HasChatTemplate ?? false;

    /// <summary>Whether the prompt is a message that the model answers.</summary>
    internal bool IsChat => HasChatTemplate && Request.Chat is not false;

    /// <summary>Whether the model writes from a source text.</summary>
    internal bool ReadsSource => Entry?.ReadsSource ?? false;

    /// <summary>Texts that a reader may begin with.</summary>
    internal IReadOnlyList<string> Examples => Entry?.Card is { ExamplePrompts: { IsDefaultOrEmpty: false } examples } ? examples
        : ReadsSource ? UsualSources
        : Entry?.MaskToken is { } mask ? [ModelDefaults.Prompt(null, mask), $"Once there was a {mask} who lived in a {mask}."]
        : IsChat ? UsualQuestions
        : UsualExamples;

    /// <summary>The request with the model and the texts that the page shows.</summary>
    internal RunRequest Complete => Request with { Model = Entry?.Id, Prompt = Prompt, Source = Source };

    /// <summary>The choice that a request makes of the models there are.</summary>
    /// <param name="request">The request.</param>
    /// <param name="entries">The models.</param>
    /// <param name="defaults">Which version of the defaults counts, where the request is a column that shares it with others.</param>
    internal static ModelChoice Of(RunRequest request, IReadOnlyList<ModelEntry> entries, int? defaults = null) =>
        new(request, ModelDefaults.Entry(entries, request.Model), request.Defaults ?? defaults);
}
