using System.Collections.Immutable;
using LmPlayground.Generation.Branching;
using LmPlayground.Generation.Masking;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Web.State;

/// <summary>
/// What a user has decided on the page: nothing else. What is not decided here follows the model, so that another model brings its own
/// defaults and its own example with it. Maps to the page's address and back. Equal states are equal records.
/// </summary>
public sealed record PlaygroundState
{
    /// <summary>The model's id in the catalogue; null is the first model that can be used.</summary>
    public string? ModelId { get; init; }

    /// <summary>The prompt; null is the model's first example, empty is an empty prompt.</summary>
    public string? Prompt { get; init; }

    /// <summary>The text that an encoder-decoder reads; null is the model's first example, empty is an empty text. Models of other kinds ignore it.</summary>
    public string? Source { get; init; }

    /// <summary>Whether the prompt is a user's message to a model with a chat template; null is what the model is made for.</summary>
    public bool? Chat { get; init; }

    /// <summary>The system prompt of such a message, or null.</summary>
    public string? System { get; init; }

    /// <summary>The order of the stages.</summary>
    public StageOrder Order { get; init; } = StageOrder.Transformers;

    /// <summary>In which order a masked model fills a text's masks.</summary>
    public FillOrder FillOrder { get; init; }

    /// <summary>The values that were chosen, by the parameter's name; every other parameter has the model's default.</summary>
    public ImmutableSortedDictionary<string, double> Chosen { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>The lists of texts that were chosen, by name; every other list has its default.</summary>
    public ImmutableSortedDictionary<string, ValueList<string>> ChosenTexts { get; init; } = ImmutableSortedDictionary<string, ValueList<string>>.Empty;

    /// <summary>How a text is looked for beyond one sample.</summary>
    public SearchStrategy Search { get; init; } = new();

    /// <summary>When a run stops.</summary>
    public StoppingOptions Stopping { get; init; } = new();

    /// <summary>The seed; null draws one for each run.</summary>
    public ulong? Seed { get; init; }

    /// <summary>The strategy: the model's defaults with what was chosen.</summary>
    public SamplingOptions Sampling(SamplingOptions defaults)
    {
        var options = defaults with { Order = Order };
        foreach (var parameter in SamplingStages.Parameters)
        {
            if (Chosen.TryGetValue(parameter.Name, out var value))
                options = options.With(parameter, value);
        }

        foreach (var texts in SamplingStages.Texts)
        {
            if (ChosenTexts.TryGetValue(texts.Name, out var entries))
                options = options.With(texts, entries);
        }

        // A stage that is on and missing from the order would silently do nothing.
        return SamplingStages.All.Where(stage => stage.IsOn(options))
            .Aggregate(options, (current, stage) => current with { Order = current.Order.Including(stage.Name) });
    }

    /// <summary>This state with one parameter changed; the model's own value is no choice and is dropped.</summary>
    public PlaygroundState With(NumberParameter parameter, double value, SamplingOptions defaults) => this with
    {
        Chosen = value == defaults[parameter] ? Chosen.Remove(parameter.Name) : Chosen.SetItem(parameter.Name, value),
    };

    /// <summary>This state with one list of texts changed; its default is no choice and is dropped.</summary>
    public PlaygroundState With(TextListParameter texts, ValueList<string> entries) => this with
    {
        ChosenTexts = entries.Equals(texts.Default) ? ChosenTexts.Remove(texts.Name) : ChosenTexts.SetItem(texts.Name, entries),
    };

    /// <summary>This state with every parameter neutral: the model's own distribution.</summary>
    public PlaygroundState Neutral(SamplingOptions defaults) =>
        SamplingStages.Parameters.Aggregate(this, (state, parameter) => state.With(parameter, parameter.Default, defaults)) with
        {
            ChosenTexts = ImmutableSortedDictionary<string, ValueList<string>>.Empty,
        };

    /// <summary>This state with the value of every parameter chosen, so that defaults which become known later change nothing.</summary>
    public PlaygroundState Pinned(SamplingOptions options) => this with
    {
        Chosen = SamplingStages.Parameters.ToImmutableSortedDictionary(parameter => parameter.Name, parameter => options[parameter]),
    };

    /// <inheritdoc/>
    public bool Equals(PlaygroundState? other) =>
        other is not null && ModelId == other.ModelId && string.Equals(Prompt, other.Prompt, StringComparison.Ordinal) && string.Equals(Source, other.Source, StringComparison.Ordinal) && Chat == other.Chat && string.Equals(System, other.System, StringComparison.Ordinal)
        && Order.Equals(other.Order) && Chosen.SequenceEqual(other.Chosen) && ChosenTexts.SequenceEqual(other.ChosenTexts)
        && Search.Equals(other.Search) && Stopping.Equals(other.Stopping) && Seed == other.Seed;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ModelId, Prompt, Order, Chosen.Count, ChosenTexts.Count, Search, Stopping, Seed);
}
