using System.Collections.Immutable;
using LmPlayground.Generation.Masking;
using LmPlayground.Runs.Settings;
using LmPlayground.Runs.Settings.Formats;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Runs;

/// <summary>Every setting of a run, declared once. A new one is its declaration and a line in <see cref="All"/>.</summary>
public static class RunSettings
{
    private const int MostPromptIds = 4_096;

    /// <summary>The model's id in the catalogue; the first model that can be used where nothing is chosen.</summary>
    public static readonly Setting<string> Model = new("model", new TextFormat(emptyIsNone: true)) { Label = "Model", Help = "A model's id (see the command models) or folder." };

    /// <summary>What is done with the text; what the model is made for where nothing is chosen.</summary>
    public static readonly Setting<RunTask> Task = new("task", new ChoiceFormat<RunTask>(
        ("continue", RunTask.Continue), ("fill", RunTask.Fill), ("predict", RunTask.Predict), ("score", RunTask.Score)))
    {
        Label = "Task",
        Help = "What is done with the text: continue, or for a masked model fill, predict or score.",
    };

    /// <summary>The order of the stages.</summary>
    public static readonly Setting<StageOrder> Order = new("order", new OrderFormat())
    {
        Label = "Order",
        Help = "The order of the stages: transformers, llama.cpp, vllm, or names with commas.",
        Default = StageOrder.Transformers,
    };

    /// <summary>
    /// Which version of the playground's own defaults counts where nothing is chosen; the newest unless given. The address of a run names it, so that
    /// later defaults do not change what it shows.
    /// </summary>
    public static readonly Setting<double> Defaults = new("defaults", new NumberFormat(1, RunRequest.DefaultsVersion, isInteger: true))
    {
        Label = "Defaults",
        Help = "Which version of the playground's own defaults is meant; the newest unless given.",
    };

    /// <summary>In which order a masked model fills a text's masks.</summary>
    public static readonly Setting<FillOrder> FillOrder = new("fill_order", new ChoiceFormat<FillOrder>(
        ("left-to-right", Generation.Masking.FillOrder.LeftToRight), ("most-certain", Generation.Masking.FillOrder.MostCertain)))
    {
        Label = "Order of filling",
        Help = "Which mask is filled next: left-to-right, or most-certain (the smallest entropy).",
        Default = Generation.Masking.FillOrder.LeftToRight,
    };

    /// <summary>The key of the random numbers; one is drawn for each run where nothing is chosen.</summary>
    public static readonly Setting<ulong> Seed = new("seed", new SeedFormat()) { Label = "Seed", Help = "The key of the random numbers; -1 draws one." };

    /// <summary>Whether the prompt is a user's message to a model with a chat template; what the model is made for where nothing is chosen.</summary>
    public static readonly Setting<bool> Chat = new("chat", new SwitchFormat())
    {
        Label = "Chat",
        Help = "Take the prompt as a user's message, and render it by the model's chat template.",
    };

    /// <summary>What stands before such a message.</summary>
    public static readonly Setting<string> System = new("system", new TextFormat(emptyIsNone: true)) { Label = "System prompt", Help = "A system message in front of a user's message." };

    /// <summary>The time that a chat template may see; the time of the run where nothing is chosen.</summary>
    public static readonly Setting<DateTime> TemplateTime = new("template_time", new TimeFormat()) { Label = "Time", Help = "The time that a chat template may see: 2026-01-31T08:30:00." };

    /// <summary>What an encoder-decoder reads; the model's example where nothing is chosen.</summary>
    public static readonly Setting<string> Source = new("source", new TextFormat())
    {
        Label = "Source text",
        Help = "The text that an encoder-decoder (T5, BART) writes from; the prompt is then what it has written already.",
    };

    /// <summary>The text that is continued, or whose masks are filled; the model's example where nothing is chosen.</summary>
    public static readonly Setting<string> Prompt = new("prompt", new TextFormat()) { Label = "Prompt", Help = "The text to continue." };

    /// <summary>The prompt as token ids, in place of its text.</summary>
    public static readonly Setting<ValueList<int>> PromptIds = new("prompt_ids", new TokenIdsFormat(MostPromptIds) { AreText = true })
    {
        Label = "Prompt ids",
        Help = "The prompt as token ids: 1,2,3.",
        Default = ValueList<int>.Empty,
    };

    /// <summary>A continuation that models are asked to score.</summary>
    public static readonly Setting<string> Continuation = new("continuation", new TextFormat(emptyIsNone: true)) { Label = "Continuation", Help = "A continuation that every model is asked to score." };

    /// <summary>The columns of a comparison: each says what it changes.</summary>
    public static readonly Setting<ValueList<RunRequest>> Columns = new("column", new ColumnsFormat())
    {
        Label = "Columns",
        Help = "What each column of a comparison changes of the other settings.",
        Default = ValueList<RunRequest>.Empty,
    };

    /// <summary>All of them, in the order in which an address has them.</summary>
    public static readonly ImmutableArray<Setting> All =
    [
        Model,
        Task,
        .. StageSettings.All,
        Order,
        FillOrder,
        Seed,
        .. SearchSettings.Settings,
        .. StopSettings.Settings,
        Chat,
        System,
        TemplateTime,
        Source,
        Prompt,
        PromptIds,
        Continuation,
        Columns,
        Defaults,
    ];

    private static readonly ImmutableDictionary<string, Setting> ByName = All.ToImmutableDictionary(setting => setting.Name, StringComparer.Ordinal);

    /// <summary>The setting of that name, or null.</summary>
    public static Setting? Find(string name) => ByName.GetValueOrDefault(name);
}
