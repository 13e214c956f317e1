using System.Text.Json;
using System.Text.RegularExpressions;
using Bunit;
using LmPlayground.Sampling.Stages;
using LmPlayground.Web.Components.Viewing;
using LmPlayground.Web.Texts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace LmPlayground.Web.Tests;

/// <summary>What the scripts that open demos are given.</summary>
public sealed partial class OpenerTests : BunitContext
{
    private readonly JsonElement _rules;

    public OpenerTests()
    {
        Services.AddLogging();
        Services.AddTexts();
        Services.AddSingleton<OpenerRules>();
        _rules = JsonDocument.Parse(Services.GetRequiredService<OpenerRules>().Write()).RootElement;
    }

    [Fact]
    public void Every_word_and_rule_that_a_script_names_is_given_to_it()
    {
        var words = _rules.GetProperty("words");
        var scripts = Directory.EnumerateFiles(Path.Combine(TestFiles.Root, "wwwroot-assets", "js", "open"), "*.js").Select(File.ReadAllText).ToList();
        var named = scripts.SelectMany(script => Said().Matches(script).Select(match => match.Groups[1].Value))
            .Concat(scripts.SelectMany(script => Faults().Matches(script).SelectMany(match => Names().Matches(match.Groups[1].Value)).Select(match => "open." + match.Groups[1].Value)))
            .Distinct().ToList();
        Assert.True(named.Count > 50);
        Assert.All(named, name => Assert.True(words.TryGetProperty(name, out var word) && word.GetString() is { Length: > 0 }, name));
        Assert.All(words.EnumerateObject(), word => Assert.False(IsMissing(word.Name), word.Name));
        foreach (var name in scripts.SelectMany(script => Rules().Matches(script).Select(match => match.Groups[1].Value)))
            Assert.True(_rules.TryGetProperty(name, out _) || _rules.GetProperty("link").TryGetProperty(name, out _), name);
    }

    /// <summary>A script must know which stages are on: their rule as data is what they say of themselves.</summary>
    [Fact]
    public void A_stage_is_on_where_its_rule_says_so()
    {
        var random = new Random(14);
        for (var i = 0; i < 4_000; i++)
        {
            var options = new SamplingOptions();
            foreach (var parameter in SamplingStages.Parameters.Where(_ => random.Next(2) == 0))
                options = options.With(parameter, parameter.Clamp(random.Next(4) switch { 0 => parameter.Minimum, 1 => parameter.Maximum, 2 => 0.4, _ => random.NextDouble() * 3 }));
            foreach (var texts in SamplingStages.Texts.Where(_ => random.Next(2) == 0))
                options = texts.Problem("1") is null ? options.With(texts, ["1"]) : options;
            foreach (var (stage, rule) in SamplingStages.All.Zip(_rules.GetProperty("stages").EnumerateArray()))
                Assert.True(stage.IsOn(options) == IsOn(rule, options), $"{stage.Name} with {string.Join(", ", options.Names)}");
        }
    }

    [Fact]
    public void A_template_has_every_part_that_is_filled()
    {
        var shell = new DemoShell { Form = DemoForm.Template };
        var run = Render<DemoDocument>(parameters => parameters.Add(part => part.View, DemoSpecimen.Run).Add(part => part.Shell, shell)).Markup;
        foreach (var part in new[] { "beam\"", "source\"", "prompt\"", "fork\"", "cut-note\"", "note\"", "data-setup=\"seed\"", "data-setup=\"ending\"", "<b>1</b>", "<code>", "tfoot" })
            Assert.Contains(part, run, StringComparison.Ordinal);
        var comparison = Render<DemoDocument>(parameters => parameters.Add(part => part.View, DemoSpecimen.Comparison).Add(part => part.Shell, shell)).Markup;
        foreach (var part in new[] { "class=\"error\"", "metrics\"", "difference\"", "cut-note\"" })
            Assert.Contains(part, comparison, StringComparison.Ordinal);
        Assert.DoesNotContain("demo-data", run, StringComparison.Ordinal);
        Assert.DoesNotContain("<head>", run, StringComparison.Ordinal);
    }

    private bool IsMissing(string word)
    {
        var (area, name) = (word[..word.IndexOf('.', StringComparison.Ordinal)], word[(word.IndexOf('.', StringComparison.Ordinal) + 1)..]);
        var texts = area switch
        {
            "demo" => typeof(DemoTexts),
            "panel" => typeof(PanelTexts),
            "control" => typeof(ControlTexts),
            "state" => typeof(StateTexts),
            "compare" => typeof(ComparingTexts),
            "format" => typeof(FormatTexts),
            _ => typeof(OpenTexts),
        };
        return Services.GetRequiredService<IStringLocalizerFactory>().Create(texts)[name].ResourceNotFound;
    }

    private static bool IsOn(JsonElement rule, SamplingOptions options)
    {
        var control = rule.GetProperty("switch");
        var name = control.GetProperty("name").GetString();
        var isNeutral = SamplingStages.Parameters.FirstOrDefault(parameter => parameter.Name == name) is { } number
            ? options[number] == control.GetProperty("neutral").GetDouble()
            : options[SamplingStages.Texts.First(texts => texts.Name == name)].SequenceEqual(control.GetProperty("neutral").EnumerateArray().Select(text => text.GetString()));
        return !isNeutral && rule.GetProperty("asks").EnumerateArray().All(ask =>
        {
            var value = options[SamplingStages.Parameters.First(parameter => parameter.Name == ask.GetProperty("name").GetString())];
            return value > ask.GetProperty("above").GetDouble() && value <= ask.GetProperty("most").GetDouble();
        });
    }

    [GeneratedRegex("'((?:demo|panel|control|state|compare|format|open)\\.[A-Za-z]+(?:\\.[a-z0-9]+)?)'")]
    private static partial Regex Said();

    [GeneratedRegex("new Fault\\(([^;]*)\\)")]
    private static partial Regex Faults();

    [GeneratedRegex("'([A-Z][A-Za-z]+)'")]
    private static partial Regex Names();

    [GeneratedRegex("\\brules\\.([a-z][A-Za-z]*)")]
    private static partial Regex Rules();
}
