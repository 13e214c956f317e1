using System.Collections.Immutable;
using System.Text.Json;
using LmPlayground.Models.Chat;

namespace LmPlayground.Models.Tests.Chat;

public sealed class ChatTemplateTests
{
    private static readonly ChatRequest Long = new()
    {
        Messages = JsonSerializer.SerializeToElement(
            Enumerable.Range(0, 600).Select(i => new { role = i % 2 == 0 ? "assistant" : "user", content = $" turn {i} " })),
        Tools = JsonSerializer.SerializeToElement(Enumerable.Range(0, 130).Select(i => new
        {
            type = "function",
            function = new
            {
                name = $"tool_{i}",
                description = "Does what it does.",
                parameters = new { type = "object", properties = new { place = new { type = "string", description = "Where" } }, required = new[] { "place" } },
            },
        })),
        AddGenerationPrompt = true,
    };

    [Fact]
    public void Every_conformance_case_renders_as_transformers_renders_it()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(TestFiles.Fixture("conformance", "chat_templates.json")));
        var root = document.RootElement;
        var count = 0;
        foreach (var item in root.GetProperty("cases").EnumerateArray())
        {
            count++;
            var template = new ChatTemplate("case", root.GetProperty("templates").GetProperty(item.GetProperty("template").GetString()!).GetString()!);
            var request = new ChatRequest
            {
                Messages = root.GetProperty("messages").GetProperty(item.GetProperty("messages").GetString()!),
                Tools = item.GetProperty("tools") is { ValueKind: JsonValueKind.Array } tools ? tools : null,
                AddGenerationPrompt = item.GetProperty("add_generation_prompt").GetBoolean(),
                Variables = item.GetProperty("variables").EnumerateObject().ToImmutableDictionary(member => member.Name, member => member.Value),
            };
            if (item.TryGetProperty("error", out var error))
                Assert.Equal(error.GetString(), Assert.Throws<ChatTemplateException>(() => template.Render(request)).Reason);
            else
                Assert.Equal(item.GetProperty("text").GetString(), template.Render(request));
        }

        Assert.Equal(80, count);
    }

    [Theory]
    [InlineData("jinja2-cases.json", 364)]
    [InlineData("jinja2-random.json", 800)]
    public void Expressions_filters_tests_and_blocks_are_those_of_Jinja2(string file, int least)
    {
        using var given = Resource("jinja2-cases.json");
        using var recorded = Resource(file);
        var root = given.RootElement;
        var request = new ChatRequest
        {
            Messages = root.GetProperty("variables").GetProperty("messages"),
            Tools = root.GetProperty("variables").GetProperty("tools"),
            Documents = root.GetProperty("variables").GetProperty("documents"),
            AddGenerationPrompt = true,
            Variables = root.GetProperty("variables").EnumerateObject().ToImmutableDictionary(member => member.Name, member => member.Value),
            Now = root.GetProperty("now").GetDateTime(),
        };
        var wrong = new List<string>();
        Assert.True(recorded.RootElement.GetProperty("cases").GetArrayLength() >= least);
        foreach (var item in recorded.RootElement.GetProperty("cases").EnumerateArray())
        {
            var source = item.GetProperty("template").GetString()!;
            var expected = item.TryGetProperty("text", out var text) ? text.GetString() : null;
            var actual = TryRender(new ChatTemplate("case", source), request, out var reason);
            if (actual != expected)
                wrong.Add($"{source}\n  expected {expected ?? "an error"}\n  but was  {actual ?? reason}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("{{ 0 < 5 < 2 }}{{ 0 < 1 < 2 }}{{ 3 > 2 > 2 }}", "FalseTrueFalse")]
    [InlineData("{{ 2 == 2 == 1 }}{{ (2 == 2) == 1 }}{{ 2 == (2 == 1) }}", "FalseTrueFalse")]
    [InlineData("{{ 1 in [1] in [[1]] }}{{ (1 in [1]) in [[1]] }}{{ 1 not in [2] in [[2]] }}", "TrueFalseTrue")]
    [InlineData("{% set ns = namespace(n=0) %}{% macro m() %}{% set ns.n = ns.n + 1 %}{{ ns.n }}{% endmacro %}{{ '0' < m() < '5' }}{{ ns.n }}", "True1")]
    [InlineData("{% set ns = namespace(n=0) %}{% macro m() %}{% set ns.n = ns.n + 1 %}{% endmacro %}{{ 2 < 1 < m() }}{{ ns.n }}", "False0")]
    public void A_chained_comparison_asks_every_pair_and_evaluates_each_operand_once(string source, string expected) =>
        Assert.Equal(expected, new ChatTemplate("t", source).Render(ChatRequest.For()));

    [Theory]
    [InlineData("{% for x in [1, [2, [3]]] recursive %}{{ loop.depth }}{% if x is iterable %}({{ loop(x) }}){% else %}{{ x }}{% endif %}{% endfor %}", "111(222(33))")]
    [InlineData("{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.current }}{{ c.next() }}{{ c.next() }}", "abba")]
    [InlineData("{{ '%05.2f|%-4s|%x'|format(3.14159, 'a', 255) }}", "03.14|a   |ff")]
    [InlineData("{{ '{:>6}|{:*^5}|{:,}|{:.1%}'.format('a', 'b', 1234567, 0.25) }}", "     a|**b**|1,234,567|25.0%")]
    [InlineData("{{ 'a-b c'|wordwrap(3) }}{{ '<b>x</b>'|striptags }}{{ 1500|filesizeformat }}", "a-b\ncx1.5 kB")]
    public void Recursive_loops_cyclers_format_specs_and_the_rarer_filters_are_those_of_Jinja2(string source, string expected) =>
        Assert.Equal(expected, new ChatTemplate("t", source).Render(ChatRequest.For()));

    [Theory]
    [InlineData("{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}", "stopped")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "calls itself without end")]
    [InlineData("{% set ns = namespace(s='0123456789') %}{% for i in range(40) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}{{ ns.s | length }}", "too long")]
    [InlineData("{% set ns = namespace(l=[1]) %}{% for i in range(40) %}{% set ns.l = ns.l + ns.l %}{% endfor %}", "stopped")]
    [InlineData("{{ 'x' * 1000000000 }}", "too long")]
    [InlineData("{{ 'x' | center(1000000000) }}", "too long")]
    [InlineData("{{ range(1000000000) | list }}", "Range too big")]
    [InlineData("{% if messages %}", "ends inside a block")]
    [InlineData("a\n{{ 'x }}", "line 2")]
    [InlineData("{{ raise_exception('Only users may speak') }}", "Only users may speak")]
    [InlineData("{{ nothing.at_all }}", "'nothing' is undefined")]
    [InlineData("{{ lipsum(n=1) }}", "'lipsum' makes a text by chance")]
    [InlineData("{% block a %}{{ self.a() }}{% endblock %}", "stopped")]
    [InlineData("{% block a %}{% endblock %}{% block a %}{% endblock %}", "defined twice")]
    [InlineData("{{ ''.constructor.constructor('return 1')() }}", "")]
    public void A_template_that_cannot_be_rendered_gives_one_error_in_time_and_harms_no_other(string source, string words)
    {
        var broken = new ChatTemplate("models/x/chat_template.jinja", source);
        var sound = new ChatTemplate("models/y/chat_template.jinja", "{{ messages[0].content }}");
        var request = ChatRequest.For(new ChatMessage("user", "hello"));

        var error = Assert.Throws<ChatTemplateException>(() => broken.Render(request));

        Assert.StartsWith("models/x/chat_template.jinja: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal("hello", sound.Render(request));
    }

    [Theory]
    [InlineData("{% for m in messages %}{{ '<|' + m.role + '|>' + m.content | trim }}{% if tools and loop.first %}{{ tools | tojson(indent=4) }}{% endif %}{% endfor %}")]
    [InlineData("{% for m in messages %}{% for t in tools[:20] %}{% if m.role == t.function.name %}!{% endif %}{% endfor %}{{ m.content }}{% endfor %}")]
    [InlineData("{% macro show(x) %}{% if x is mapping %}{% for k, v in x.items() %}{{ k }}: {{ show(v) }}{% endfor %}{% else %}{{ x }}{% endif %}{% endmacro %}{% for t in tools %}{{ show(t) }}{% endfor %}{% for m in messages %}{{ show(m) }}{% endfor %}")]
    public void The_limits_of_a_template_grow_with_turns_and_tools(string source) =>
        Assert.Contains("turn 599", new ChatTemplate("t", source).Render(Long), StringComparison.Ordinal);

    [Theory]
    [InlineData("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}", "steps", "loop without end")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "nested too deeply", "call itself")]
    [InlineData("{% for i in range(9) %}{{ 'x' * 9000000 }}{% endfor %}", "output", "shorten the conversation")]
    [InlineData("{% set ns = namespace(l=[1]) %}{% for i in range(40) %}{% set ns.l = ns.l + ns.l %}{% endfor %}", "memory", "keeps less")]
    [InlineData("{% set ns = namespace(l=[]) %}{% for i in range(99999) %}{% set ns.l = ns.l + ['x' * 9000000 ~ i] %}{% endfor %}", "memory", "keeps less")]
    public void A_template_that_is_stopped_names_the_cause_and_what_to_do(string source, string cause, string advice)
    {
        var error = Assert.Throws<ChatTemplateException>(() => new ChatTemplate("t", source).Render(ChatRequest.For(new ChatMessage("user", "hello"))));
        Assert.Contains("stopped", error.Message, StringComparison.Ordinal);
        Assert.Contains(cause, error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{% for m in messages %}{% for n in messages %}{% if n.role == m.role %}{% endif %}{% endfor %}{{ m.content }}{% endfor %}", "faster than the conversation")]
    [InlineData("{% for m in messages %}{% for n in messages[:loop.index] %}{{ n.content }}{% endfor %}{% endfor %}", "faster than the conversation")]
    [InlineData("{% for m in messages %}{{ messages | selectattr('role', 'equalto', 'user') | list | length }}{% endfor %}", "faster than the conversation")]
    [InlineData("{% for m in messages %}{{ messages | tojson | length }}{% endfor %}", "faster than the conversation")]
    [InlineData("{{ tools | tojson }}{% for m in messages %}{% for n in messages %}{% for o in messages %}{% endfor %}{% endfor %}{% endfor %}", "faster than the conversation")]
    [InlineData("{% for m in messages %}{% for i in range(1000) %}{{ i }}{% endfor %}{% endfor %}", "steps for 600 messages")]
    [InlineData("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}", "loop without end")]
    public void A_template_whose_work_grows_faster_than_the_conversation_is_told_from_one_that_never_ends(string source, string words)
    {
        var before = Environment.CpuUsage.TotalTime;
        var error = Assert.Throws<ChatTemplateException>(() => new ChatTemplate("t", source).Render(Long));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal(words.StartsWith("loop", StringComparison.Ordinal), error.Message.Contains("without end", StringComparison.Ordinal));
        TestContext.Current.SendDiagnosticMessage($"{(Environment.CpuUsage.TotalTime - before).TotalSeconds:0.0} s of a processor: {error.Message}");
    }

    [Fact]
    public void What_a_busy_machine_does_meanwhile_is_no_time_of_a_template()
    {
        var start = ThreadTime.Now;
        using var reached = new ManualResetEventSlim();
        var other = new Thread(() =>
        {
            var own = ThreadTime.Now;
            while (ThreadTime.Now - own < TimeSpan.FromMilliseconds(300))
                continue;
            reached.Set();
        });
        other.Start();
        reached.Wait(TestContext.Current.CancellationToken);
        Assert.InRange(ThreadTime.Now - start, TimeSpan.Zero, TimeSpan.FromMilliseconds(200));
    }

    [Fact]
    public void Brackets_nested_without_end_are_an_error_of_the_template()
    {
        var template = new ChatTemplate("deep", $"{{{{ {new string('(', 5000)}1{new string(')', 5000)} }}}}");
        Assert.Contains("stopped", Assert.Throws<ChatTemplateException>(() => template.Render(ChatRequest.For())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_of_brackets_without_end_is_stopped()
    {
        var template = new ChatTemplate("long", $"{{{{ {new string('(', 200_000)}");
        Assert.Contains("stopped", Assert.Throws<ChatTemplateException>(() => template.Render(ChatRequest.For())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_template_is_compiled_and_rendered_in_time()
    {
        const string Turn = "{%- for m in messages %}{%- if m.role == 'user' and m.content is string %}{{- '<|' + m['role'] + '|>' + m.content | trim }}{%- else %}{{- raise_exception('no') }}{%- endif %}{%- endfor %}\n";
        var template = new ChatTemplate("long", string.Concat(Enumerable.Repeat(Turn, 50)));
        Assert.Equal(50, template.Render(ChatRequest.For(new ChatMessage("user", "Hi"))).Split("<|user|>Hi").Length - 1);
    }

    [Fact]
    public void What_recurses_a_little_renders()
    {
        var template = new ChatTemplate("t", "{% macro m(n) %}{{ n }}{% if n > 0 %}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(30) }}");
        Assert.StartsWith("3029282726", template.Render(ChatRequest.For()), StringComparison.Ordinal);
    }

    [Fact]
    public void Templates_render_from_many_threads_at_once()
    {
        var templates = Enumerable.Range(0, 8).Select(i => new ChatTemplate("t", $"{i}{{% for m in messages %}}{{{{ m.content }}}}{{% endfor %}}")).ToArray();
        Parallel.For(0, 64, i => Assert.Equal($"{i % 8}{i}", templates[i % 8].Render(ChatRequest.For(new ChatMessage("user", $"{i}")))));
    }

    [Fact]
    public void Keys_keep_their_order_and_numbers_their_kind()
    {
        using var message = JsonDocument.Parse("""[{"role": "user", "z": 1, "10": 1.0, "2": 1e2, "big": 12345678901234567890, "é": "中"}]""");
        var template = new ChatTemplate("t", "{{ messages[0] | tojson }}");
        Assert.Equal(
            """{"role": "user", "z": 1, "10": 1.0, "2": 100.0, "big": 12345678901234567890, "é": "中"}""",
            template.Render(new ChatRequest { Messages = message.RootElement }));
    }

    private static JsonDocument Resource(string name)
    {
        using var stream = typeof(ChatTemplateTests).Assembly.GetManifestResourceStream(name)!;
        return JsonDocument.Parse(stream);
    }

    private static string? TryRender(ChatTemplate template, ChatRequest request, out string reason)
    {
        try
        {
            reason = "";
            return template.Render(request);
        }
        catch (ChatTemplateException e)
        {
            reason = e.Reason;
            return null;
        }
    }
}
