using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using LmPlayground.Models.Chat;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.State;

namespace LmPlayground.Web.Cli;

/// <summary>The options of <c>generate</c>. Those of the sampler are made from the stages' declarations.</summary>
/// <param name="orderName">What the option for the order of the stages is called.</param>
internal sealed class GenerateOptions(string orderName = "--order")
{
    private readonly Option<string> _model = new("--model") { Description = "A model's id (see the command models) or folder.", Required = true };
    private readonly Option<string?> _variant = new("--variant") { Description = "Which of the model's graphs: q4, full, quantized, int8, uint8, bnb4, q4f16, fp16." };
    private readonly Option<string?> _source = new("--source") { Description = "The text that an encoder-decoder (T5, BART) writes from; --prompt is then what it has written already." };
    private readonly Option<string?> _prompt = new("--prompt") { Description = "The text to continue." };
    private readonly Option<bool> _chat = new("--chat") { Description = "Take the prompt as a user's message, and render it by the model's chat template." };
    private readonly Option<string?> _system = new("--system") { Description = "With --chat, a system message in front." };
    private readonly Option<string?> _promptIds = new("--prompt-ids") { Description = "The prompt as token ids: 1,2,3." };
    private readonly Option<string> _order = new(orderName)
    {
        Description = "The order of the stages: transformers, llama.cpp, vllm, or names with commas.",
        DefaultValueFactory = _ => "transformers",
    };

    private readonly Option<int> _maxNewTokens = new("--max-new-tokens") { Description = "The most tokens to generate.", DefaultValueFactory = _ => 128 };
    private readonly Option<bool> _ignoreEos = new("--ignore-eos") { Description = "Go on after an end-of-sequence token." };
    private readonly Option<string[]> _stop = new("--stop") { Description = "Stop before this text; several may be given. \\n, \\t and \\\\ are understood.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<bool> _includeStop = new("--include-stop-str-in-output") { Description = "Keep the stop text: cut after it rather than before it." };
    private readonly Option<int[]> _stopIds = new("--stop-id") { Description = "Stop at this token id; several may be given.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string> _seed = new("--seed") { Description = "The key of the random numbers; -1 draws one.", DefaultValueFactory = _ => "-1" };
    private readonly Option<int> _top = new("--top") { Description = "How many candidates each token lists.", DefaultValueFactory = _ => 10 };
    private readonly Option<bool> _json = new("--json") { Description = "One JSON object a token, then one of the whole run." };
    private readonly List<(NumberParameter Parameter, Option<string?> Option)> _sampling =
        [.. SamplingStages.Parameters.Select(parameter => (parameter, new Option<string?>(parameter.CommandLineName) { Description = Describe(parameter) }))];
    private readonly List<(NumberParameter Parameter, Option<string?> Option)> _stopping =
        [.. StoppingRules.AdvancedNumbers.Select(parameter => (parameter, new Option<string?>(parameter.CommandLineName) { Description = Describe(parameter) }))];
    private readonly List<(TextListParameter Texts, Option<string[]> Option)> _texts =
        [.. SamplingStages.Texts.Select(texts => (texts, new Option<string[]>(texts.CommandLineName) { Description = $"{texts.Label}: {texts.Help} May be given several times." }))];

    internal void AddTo(Command command)
    {
        Option[] options = [_model, _variant, _source, _prompt, _promptIds, _chat, _system, _maxNewTokens, .. _sampling.Select(pair => pair.Option), .. _texts.Select(pair => pair.Option), _order, _seed, _stop, _includeStop, _stopIds, .. _stopping.Select(pair => pair.Option), _ignoreEos, _top, _json];
        foreach (var option in options)
            command.Options.Add(option);
    }

    /// <summary>Those of them that a masked text needs too.</summary>
    internal void AddSamplingTo(Command command)
    {
        Option[] options = [_model, _variant, .. _sampling.Select(pair => pair.Option), .. _texts.Select(pair => pair.Option), _order, _seed, _top, _json];
        foreach (var option in options)
            command.Options.Add(option);
    }

    internal string Model(ParseResult parsed) =>
        parsed.GetValue(_variant) is { } variant ? $"{parsed.GetRequiredValue(_model)}:{variant}" : parsed.GetRequiredValue(_model);

    internal string OrderText(ParseResult parsed) => parsed.GetRequiredValue(_order);

    internal bool Json(ParseResult parsed) => parsed.GetValue(_json);

    internal int Top(ParseResult parsed) =>
        parsed.GetValue(_top) is >= 0 and var top ? top : throw new CommandLineException("--top must be 0 or more.");

    /// <summary>What an encoder-decoder writes from, or null.</summary>
    internal string? Source(ParseResult parsed) => parsed.GetValue(_source);

    /// <summary>The prompt: its text, or its ids. With a source it may be left out.</summary>
    internal (string? Text, int[]? Ids) Prompt(ParseResult parsed) => (parsed.GetValue(_prompt), parsed.GetValue(_promptIds)) switch
    {
        ({ } text, null) => (text, null),
        (null, { } ids) => (null, Ids(ids)),
        (null, null) when Source(parsed) is not null => ("", null),
        (null, null) => throw new CommandLineException("Give the prompt with --prompt TEXT or --prompt-ids 1,2,3."),
        _ => throw new CommandLineException("Give --prompt or --prompt-ids, not both."),
    };

    /// <summary>The conversation whose answer is asked for, or null where the prompt is a text to continue.</summary>
    internal ChatRequest? Chat(ParseResult parsed)
    {
        var system = parsed.GetValue(_system);
        if (!parsed.GetValue(_chat))
            return system is null ? null : throw new CommandLineException("--system needs --chat.");
        var message = new ChatMessage("user", parsed.GetValue(_prompt) ?? throw new CommandLineException("--chat needs the user's message with --prompt."));
        return system is null ? ChatRequest.For(message) : ChatRequest.For(new ChatMessage("system", system), message);
    }

    internal SamplingOptions Sampling(ParseResult parsed)
    {
        var options = new SamplingOptions { Order = Order(parsed.GetRequiredValue(_order), _order.Name) };
        foreach (var (parameter, option) in _sampling)
        {
            if (parsed.GetValue(option) is not { } text)
                continue;
            options = options.With(parameter, Number(parameter, text));
        }

        foreach (var (texts, option) in _texts)
        {
            if (parsed.GetValue(option) is not { Length: > 0 } entries)
                continue;
            if (entries.Select(texts.Problem).FirstOrDefault(problem => problem is not null) is { } problem)
                throw new CommandLineException($"{option.Name}: {problem}.");
            options = options.With(texts, ValueList.Create(entries));
        }

        return WithOrderOf(options, parsed.GetRequiredValue(_order), _order.Name);
    }

    /// <summary>A preset is widened by the stages that were turned on; an order of one's own must name them all.</summary>
    internal static SamplingOptions WithOrderOf(SamplingOptions options, string order, string optionName = "--order")
    {
        foreach (var stage in SamplingStages.All.Where(stage => stage.IsOn(options) && !options.Order.Stages.Contains(stage.Name)))
        {
            if (Preset(order) is null)
                throw new CommandLineException($"{stage.Name} is on, but {optionName} does not name it, so it would not run: add it there.");
            options = options with { Order = options.Order.Including(stage.Name) };
        }

        return options;
    }

    internal StoppingOptions Stopping(ParseResult parsed)
    {
        var options = CommonStops(parsed);
        foreach (var (parameter, option) in _stopping)
        {
            if (parsed.GetValue(option) is { } text)
                options = options.With(parameter, Number(parameter, text));
        }

        foreach (var (parameter, option) in _stopping)
        {
            if (parsed.GetValue(option) is not null && parameter.Of is { } threshold && !options.Has(threshold))
                throw new CommandLineException($"{option.Name} needs {threshold.CommandLineName} above 0.");
        }

        return options;
    }

    private StoppingOptions CommonStops(ParseResult parsed) => new()
    {
        MaxNewTokens = parsed.GetValue(_maxNewTokens) is var most && LengthRule.MaxNewTokens.Accepts(most) ? most : throw new CommandLineException($"--max-new-tokens must be {LengthRule.MaxNewTokens.Range}."),
        StopAtEndOfSequence = !parsed.GetValue(_ignoreEos),
        StopStrings = [.. (parsed.GetValue(_stop) ?? []).Select(Unescape)],
        IncludeStopString = parsed.GetValue(_includeStop),
        StopTokenIds = [.. parsed.GetValue(_stopIds) ?? []],
    };

    internal ulong Seed(ParseResult parsed)
    {
        var text = parsed.GetRequiredValue(_seed);
        return text == "-1" ? (ulong)RandomNumberGenerator.GetInt32(int.MaxValue) : SeedOf(text) ?? throw new CommandLineException(
            $"--seed must be a whole number from 0 to {ulong.MaxValue}, or -1 to draw one, not '{text}'.");
    }

    internal static ulong? SeedOf(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : null;

    private static string Unescape(string text) =>
        EscapedText.TryUnescape(text, out var plain, out var error) ? plain : throw new CommandLineException($"--stop '{text}': {error}");

    private static StageOrder? Preset(string name) => name switch
    {
        "transformers" => StageOrder.Transformers,
        "llama.cpp" => StageOrder.LlamaCpp,
        "vllm" => StageOrder.Vllm,
        _ => null,
    };

    internal static StageOrder Order(string text, string optionName = "--order")
    {
        if (Preset(text) is { } preset)
            return preset;
        string[] names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (Array.Find(names, name => SamplingStages.Find(name) is null) is { } unknown)
        {
            throw new CommandLineException(
                $"{optionName}: there is no stage '{unknown}'. Known are {string.Join(", ", SamplingStages.All.Select(stage => stage.Name))}, and the presets transformers, llama.cpp, vllm.");
        }

        return names.Distinct().Count() == names.Length ? new StageOrder(names) : throw new CommandLineException("The order names a stage twice.");
    }

    private static int[] Ids(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return [.. parts.Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new CommandLineException($"--prompt-ids must be token ids with commas between them; '{part}' is none."))];
    }

    private static double Number(NumberParameter parameter, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && parameter.Accepts(value)
            ? value
            : throw new CommandLineException($"{parameter.CommandLineName} must be {parameter.Range}, not '{text}'.");

    private static string Describe(NumberParameter parameter) => $"{parameter.Label}: {parameter.Range}. {parameter.Help}";
}
