using LmPlayground.Generation.Masking;
using LmPlayground.Generation.Search;
using LmPlayground.Runs.Settings;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Runs.Tests.Requests;

/// <summary>Random requests that make sense: every value in its range, and no setting without the one that it needs.</summary>
internal sealed class AnyRequest(Random random)
{
    /// <summary>How a value of each setting is made; a setting that has no line here, and no declaration of the libraries', fails the test.</summary>
    private static readonly Dictionary<Setting, Func<AnyRequest, object>> Special = new()
    {
        [RunSettings.Model] = any => "model " + any.Text(),
        [RunSettings.Task] = any => any.OneOf(Enum.GetValues<RunTask>()),
        [RunSettings.Order] = any => any.OneOf(StageOrder.LlamaCpp, StageOrder.Vllm, any.Order()),
        [RunSettings.FillOrder] = _ => FillOrder.MostCertain,
        [RunSettings.Seed] = any => (ulong)any.Next(long.MinValue, long.MaxValue),
        [SearchSettings.NumBeams] = any => any.OneOf(2d, 4d, 64d),
        [SearchSettings.LengthPenalty] = any => any.OneOf(-2.5, 0, 1e300, any.Real()),
        [SearchSettings.EarlyStopping] = any => any.OneOf(EarlyStopping.WhenFull, EarlyStopping.Never),
        [SearchSettings.NumBeamGroups] = _ => 2d,
        [SearchSettings.DiversityPenalty] = any => 0.1 + any.Real(),
        [SearchSettings.NumReturnSequences] = _ => 2d,
        [SearchSettings.BestOf] = any => (double)any.Next(2, BestOfOptions.MaxSamples + 1),
        [SearchSettings.GuidanceScale] = any => any.OneOf(0, 1.5, 1e9),
        [SearchSettings.NegativePrompt] = any => "not " + any.Text(),
        [RunSettings.Chat] = any => any.OneOf(true, false),
        [RunSettings.System] = any => "Be " + any.Text(),
        [RunSettings.TemplateTime] = any => new DateTime(2026, 1, 1).AddSeconds(any.Next(-1_000_000_000, 1_000_000_000)),
        [RunSettings.Source] = any => any.Text(),
        [RunSettings.Prompt] = any => any.Text(),
        [RunSettings.PromptIds] = any => ValueList.Create(any.Many(1, () => (int)any.Next(0, int.MaxValue))),
        [RunSettings.Continuation] = any => " and" + any.Text(),
        [RunSettings.Defaults] = any => any.OneOf(1d, RunRequest.DefaultsVersion),
        [RunSettings.Columns] = any => ValueList.Create(any.Many(1, () => any.Next(allowColumns: false))),
    };

    /// <summary>What a setting needs beside it so that it does something.</summary>
    private static readonly Dictionary<Setting, Setting[]> Needed = new()
    {
        [SearchSettings.LengthPenalty] = [SearchSettings.NumBeams],
        [SearchSettings.EarlyStopping] = [SearchSettings.NumBeams],
        [SearchSettings.NumReturnSequences] = [SearchSettings.NumBeams],
        [SearchSettings.NumBeamGroups] = [SearchSettings.NumBeams, SearchSettings.DiversityPenalty],
        [SearchSettings.DiversityPenalty] = [SearchSettings.NumBeams, SearchSettings.NumBeamGroups],
        [SearchSettings.NegativePrompt] = [SearchSettings.GuidanceScale],
    };

    /// <summary>A value that is not the default of a setting.</summary>
    internal object ValueOf(Setting setting)
    {
        while (true)
        {
            if (Make(setting) is var value && !setting.IsDefault(value))
                return value;
        }
    }

    /// <summary>A request with this setting chosen, and what it needs.</summary>
    internal RunRequest With(RunRequest request, Setting setting)
    {
        if (request.Has(setting) || (setting == SearchSettings.BestOf && request.Has(SearchSettings.NumBeams)))
            return request;
        if (setting == SearchSettings.NumBeams)
            request = request.Without(SearchSettings.BestOf);
        request = request.With(setting, ValueOf(setting));
        if (!Needed.TryGetValue(setting, out var needed))
            needed = StopSettings.NeededBy(setting) is { } criterion ? [criterion] : [];
        return needed.Aggregate(request, With);
    }

    internal RunRequest Next(bool allowColumns = true)
    {
        var request = RunSettings.All
            .Where(setting => (allowColumns || setting != RunSettings.Columns) && random.Next(3) == 0)
            .Aggregate(new RunRequest(), With);
        return Named(request);
    }

    /// <summary>A stage that is on does nothing in an order that does not name it.</summary>
    internal static RunRequest Named(RunRequest request) => request.Has(RunSettings.Order)
        ? request with { Order = request.Sampling(new SamplingOptions()).Order }
        : request;

    /// <summary>A setting that has no generator throws: give it one, so that addresses, JSON and arguments are tested with it.</summary>
    private object Make(Setting setting)
    {
        if (Special.TryGetValue(setting, out var make))
            return make(this);
        return Declared(setting.Name) switch
        {
            NumberParameter number => number.Clamp(number.Minimum + random.NextDouble() * (number.SliderMaximum - number.Minimum)),
            SwitchParameter choice => !choice.Default,
            TokenIdListParameter => ValueList.Create(Many(0, () => random.Next(1_000_000)).Distinct().ToArray()),
            TextListParameter texts => ValueList.Create(Many(0, () => Entry(texts)).Distinct().ToArray()),
            _ => throw new NotSupportedException($"There is no generator for {setting.Name}."),
        };
    }

    private static Parameter? Declared(string name) =>
        ((IEnumerable<Parameter>)[.. SamplingStages.Parameters, .. SamplingStages.Texts, .. StoppingRules.Parameters]).FirstOrDefault(parameter => parameter.Name == name);

    private string Entry(TextListParameter texts)
    {
        while (true)
        {
            if ((random.Next(2) == 0 ? Text() : Text() + texts.Example) is var entry && texts.Problem(entry) is null)
                return entry;
        }
    }

    private StageOrder Order()
    {
        var names = SamplingStages.All.Select(stage => stage.Name).ToArray();
        random.Shuffle(names);
        return new StageOrder(names.AsSpan(0, random.Next(1, names.Length + 1)));
    }

    private string Text() => string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => random.Next(5) switch
    {
        0 => "\n",
        1 => "🐈",
        2 => ((char)random.Next(1, 32)).ToString().Replace('\r', '\n'),
        3 => "%&=+#\\\"' ,;<"[random.Next(12)].ToString(),
        _ => ((char)random.Next(0x20, 0x2fff)).ToString(),
    }));

    private T OneOf<T>(params T[] values) => values[random.Next(values.Length)];

    private long Next(long minimum, long maximum) => random.NextInt64(minimum, maximum);

    private double Real() => random.NextDouble() * 10;

    private T[] Many<T>(int least, Func<T> make) => [.. Enumerable.Range(0, random.Next(least, 4)).Select(_ => make())];
}
