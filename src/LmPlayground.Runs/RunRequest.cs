using System.Collections.Immutable;
using System.Text.Json.Serialization;
using LmPlayground.Generation.Masking;
using LmPlayground.Generation.Search;
using LmPlayground.Runs.Settings;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Runs;

/// <summary>
/// What a person asks for: the values that were chosen, and nothing else. What is not chosen here follows the model, so that another model
/// brings its own defaults and its own example with it. Page, address, command line, links and API all have this one record; equal choices
/// are equal records.
/// </summary>
[JsonConverter(typeof(RunRequestJsonConverter))]
public sealed record RunRequest
{
    /// <summary>The version of the names and their meaning, which a JSON document states as "version".</summary>
    public const int SchemaVersion = 1;

    /// <summary>The newest version of the playground's own defaults: to be counted on wherever a run that chooses nothing would become another one.</summary>
    public const int DefaultsVersion = 2;

    // Never a value that is a setting's default: equal requests are equal dictionaries.
    private ImmutableSortedDictionary<string, object> _chosen = ImmutableSortedDictionary.Create<string, object>(StringComparer.Ordinal);

    /// <inheritdoc cref="RunSettings.Model"/>
    public string? Model { get => FindText(RunSettings.Model); init => Choose(RunSettings.Model, value); }

    /// <inheritdoc cref="RunSettings.Task"/>
    public RunTask? Task { get => Find(RunSettings.Task); init => Choose(RunSettings.Task, value); }

    /// <inheritdoc cref="RunSettings.Prompt"/>
    public string? Prompt { get => FindText(RunSettings.Prompt); init => Choose(RunSettings.Prompt, value); }

    /// <inheritdoc cref="RunSettings.PromptIds"/>
    public ValueList<int> PromptIds { get => Get(RunSettings.PromptIds); init => Choose(RunSettings.PromptIds, value); }

    /// <inheritdoc cref="RunSettings.Source"/>
    public string? Source { get => FindText(RunSettings.Source); init => Choose(RunSettings.Source, value); }

    /// <inheritdoc cref="RunSettings.Chat"/>
    public bool? Chat { get => Find(RunSettings.Chat); init => Choose(RunSettings.Chat, value); }

    /// <inheritdoc cref="RunSettings.System"/>
    public string? System { get => FindText(RunSettings.System); init => Choose(RunSettings.System, value); }

    /// <inheritdoc cref="RunSettings.TemplateTime"/>
    public DateTime? TemplateTime { get => Find(RunSettings.TemplateTime); init => Choose(RunSettings.TemplateTime, value); }

    /// <inheritdoc cref="RunSettings.Order"/>
    public StageOrder Order { get => Get(RunSettings.Order); init => Choose(RunSettings.Order, value); }

    /// <inheritdoc cref="RunSettings.FillOrder"/>
    public FillOrder FillOrder { get => Get(RunSettings.FillOrder); init => Choose(RunSettings.FillOrder, value); }

    /// <inheritdoc cref="RunSettings.Seed"/>
    public ulong? Seed { get => Find(RunSettings.Seed); init => Choose(RunSettings.Seed, value); }

    /// <inheritdoc cref="RunSettings.Defaults"/>
    public int? Defaults { get => (int?)Find(RunSettings.Defaults); init => Choose(RunSettings.Defaults, (double?)value); }

    /// <inheritdoc cref="RunSettings.Continuation"/>
    public string? Continuation { get => FindText(RunSettings.Continuation); init => Choose(RunSettings.Continuation, value); }

    /// <inheritdoc cref="RunSettings.Columns"/>
    public ValueList<RunRequest> Columns { get => Get(RunSettings.Columns); init => Choose(RunSettings.Columns, value); }

    /// <summary>How a text is looked for beyond one sample.</summary>
    public SearchStrategy Search { get => Read(SearchSettings.All, new SearchStrategy()); init => Write(SearchSettings.All, value); }

    /// <summary>When a run stops.</summary>
    public StoppingOptions Stopping { get => Read(StopSettings.All, new StoppingOptions()); init => Write(StopSettings.All, value); }

    /// <summary>The settings that were chosen, in the order of <see cref="RunSettings.All"/>, and their values.</summary>
    internal IEnumerable<(Setting Setting, object Value)> Chosen =>
        RunSettings.All.Where(Has).Select(setting => (setting, _chosen[setting.Name]));

    /// <summary>Whether a value was chosen that is not the setting's default.</summary>
    public bool Has(Setting setting) => _chosen.ContainsKey(setting.Name);

    /// <summary>The value of a setting that has a default.</summary>
    public T Get<T>(Setting<T> setting)
        where T : notnull => _chosen.TryGetValue(setting.Name, out var value) ? (T)value : setting.Default!;

    /// <summary>The value that was chosen, or null.</summary>
    public T? Find<T>(Setting<T> setting)
        where T : struct => _chosen.TryGetValue(setting.Name, out var value) ? (T)value : null;

    /// <summary>This request with another value; the default is no choice.</summary>
    public RunRequest With<T>(Setting<T> setting, T value)
        where T : notnull => With(setting, (object)value);

    /// <summary>This request without a choice for the setting.</summary>
    public RunRequest Without(Setting setting) => this with { _chosen = _chosen.Remove(setting.Name) };

    /// <summary>This request with one number of the sampler changed; the model's own value is no choice and is dropped.</summary>
    /// <param name="parameter">Which number.</param>
    /// <param name="value">The value.</param>
    /// <param name="defaults">The model's own settings.</param>
    public RunRequest With(NumberParameter parameter, double value, SamplingOptions defaults) =>
        value == defaults[parameter] ? Without(StageSettings.Of(parameter)) : With(StageSettings.Of(parameter), value);

    /// <summary>This request with what another one has chosen laid over it, as a column of a comparison is.</summary>
    public RunRequest With(RunRequest over) => this with { _chosen = _chosen.SetItems(over._chosen) };

    /// <summary>This request with the choices for these settings only.</summary>
    public RunRequest Only(params IEnumerable<Setting> settings) =>
        this with { _chosen = _chosen.RemoveRange(_chosen.Keys.Except(settings.Select(setting => setting.Name))) };

    /// <summary>This request without the choices that another one has too.</summary>
    public RunRequest Except(RunRequest other) =>
        this with { _chosen = _chosen.RemoveRange(_chosen.Where(pair => pair.Value.Equals(other._chosen.GetValueOrDefault(pair.Key))).Select(pair => pair.Key)) };

    /// <summary>The strategy: a model's defaults with what was chosen.</summary>
    /// <param name="defaults">The model's own settings.</param>
    public SamplingOptions Sampling(SamplingOptions defaults)
    {
        var options = defaults with { Order = Order };
        foreach (var parameter in SamplingStages.Parameters)
            options = Find(StageSettings.Of(parameter)) is { } value ? options.With(parameter, value) : options;
        foreach (var texts in SamplingStages.Texts)
            options = options.With(texts, Get(StageSettings.Of(texts)));

        // A stage that is on and missing from the order would silently do nothing.
        return SamplingStages.All.Where(stage => stage.IsOn(options))
            .Aggregate(options, (current, stage) => current with { Order = current.Order.Including(stage.Name) });
    }

    /// <summary>This request with every stage neutral: the model's own distribution.</summary>
    /// <param name="defaults">The model's own settings.</param>
    public RunRequest Neutral(SamplingOptions defaults) =>
        SamplingStages.Parameters.Aggregate(
            SamplingStages.Texts.Aggregate(this, (request, texts) => request.Without(StageSettings.Of(texts))),
            (request, parameter) => request.With(parameter, parameter.Default, defaults));

    /// <inheritdoc/>
    public bool Equals(RunRequest? other) => other is not null && _chosen.SequenceEqual(other._chosen);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var pair in _chosen)
            hash.Add(pair);
        return hash.ToHashCode();
    }

    /// <summary>The query that its address has.</summary>
    public override string ToString() => RunQuery.Write(this);

    internal RunRequest With(Setting setting, object value)
    {
        var changed = this with { };
        changed.Choose(setting, value);
        return changed;
    }

    private void Choose(Setting setting, object? value) =>
        _chosen = value is null || setting.IsDefault(value) ? _chosen.Remove(setting.Name) : _chosen.SetItem(setting.Name, value);

    private string? FindText(Setting<string> setting) => _chosen.GetValueOrDefault(setting.Name) as string;

    private TRecord Read<TRecord>(ImmutableArray<Part<TRecord>> parts, TRecord start) =>
        parts.Where(part => Has(part.Setting)).Aggregate(start, (record, part) => part.Put(record, _chosen[part.Setting.Name]));

    private void Write<TRecord>(ImmutableArray<Part<TRecord>> parts, TRecord record)
    {
        foreach (var part in parts)
            Choose(part.Setting, part.Find(record));
    }
}
