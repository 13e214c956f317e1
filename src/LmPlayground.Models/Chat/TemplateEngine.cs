using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Acornima.Ast;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;

namespace LmPlayground.Models.Chat;

/// <summary>Jinja in JavaScript: <c>@huggingface/jinja</c> and the scripts that give it Python's values, run by Jint.</summary>
/// <remarks>
/// An engine serves one thread at a time; engines are kept and used again, each with the templates that it has compiled. One whose
/// template went over a limit is thrown away.
/// </remarks>
internal sealed class TemplateEngine : IDisposable
{
    private const int MostKept = 4;
    private const int MostCompiled = 16;
    private const int DeepestCalls = 1000;

    // Every call of the interpreted interpreter takes several frames of ours.
    private const int StackBytes = 64 << 20;
    private const string Broken = "Correct the template, or ask its maker to.";

    private static readonly NamedTemplate WarmUp = new(
        "warm-up", "warm-up", "{%- for m in messages + [{'role': 'a', 'n': 1}] if m is mapping %}{{ m['role'] | trim ~ m.n | tojson }}{% else %} {% endfor %}");

    private static readonly string[] Scripts =
        ["huggingface-jinja", "lexer", "values", "parser", "formats", "methods", "texts", "filters", "interpreter", "clock", "chat"];
    private static readonly Lazy<(string Name, Prepared<Module> Module)[]> Prepared = new(() => [.. Scripts.Select(Prepare)]);
    private static readonly ConcurrentBag<TemplateEngine> Kept = [];

    private readonly Dictionary<string, JsValue> _compiled = new(StringComparer.Ordinal);
    private readonly TemplateLimits _limits = new();
    private readonly Engine _engine;
    private readonly JsValue _compile;
    private readonly JsValue _render;

    private TemplateEngine()
    {
        _engine = new Engine(options =>
        {
            options.Strict = true;
            options.LimitRecursion(DeepestCalls);
            options.Constraint(_limits);
            options.RegexTimeoutInterval(TemplateLimits.LongestMatch);
            options.Culture = CultureInfo.InvariantCulture;
            options.Host.StringCompilationAllowed = false;
        });
        foreach (var (name, module) in Prepared.Value)
            _engine.Modules.Add(name, builder => builder.AddModule(module));
        JsValue chat = _engine.Modules.Import("chat");
        _compile = chat.Get("compile");
        _render = chat.Get("renderText");

        // The first run of all compiles much of Jint itself: that is not the first template's fault.
        Run(WarmUp, """["o","messages",["a"]]""", DateTime.UnixEpoch);
    }

    /// <summary>Renders a template on a thread of its own, whose stack is deep enough for the limit on calls.</summary>
    /// <param name="template">The template.</param>
    /// <param name="variables">What <see cref="TemplateValues.Serialize"/> gives.</param>
    /// <param name="now">The time that templates see.</param>
    /// <param name="steps">The statements of the interpreter that it took, also where it failed.</param>
    /// <exception cref="ChatTemplateException">It is malformed, fails, or goes over a limit.</exception>
    public static string Render(NamedTemplate template, string variables, DateTime now, out long steps)
    {
        string? text = null;
        var taken = 0L;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                text = RenderHere(template, variables, now, out taken);
            }
            catch (Exception e)
            {
                failure = e;
            }
        }, StackBytes)
        {
            IsBackground = true,
            Name = "chat template",
        };
        thread.Start();
        thread.Join();
        steps = taken;
        return failure switch
        {
            null => text!,
            ChatTemplateException known => throw known,
            _ => throw new ChatTemplateException(template.Origin, $"the chat template fails: {failure.Message}", Broken, failure),
        };
    }

    private static string RenderHere(NamedTemplate template, string variables, DateTime now, out long steps)
    {
        var engine = Kept.TryTake(out var kept) ? kept : new TemplateEngine();
        var isSound = false;
        try
        {
            var text = engine.Run(template, variables, now);
            isSound = true;
            return text;
        }
        catch (JavaScriptException e)
        {
            // The template's own failure leaves the engine as it was.
            isSound = true;
            if (e.Error is ObjectInstance error && error.Get("isLimit").IsBoolean())
                throw Stopped(template, e.Message, TemplateLimitException.Large, e);
            throw new ChatTemplateException(template.Origin, e.Message, "The chat template does not take this conversation.", e);
        }
        catch (TemplateLimitException e)
        {
            throw Stopped(template, e.Message, e.Advice, e);
        }
        catch (RegexMatchTimeoutException e)
        {
            throw Stopped(template, $"it searches a text for longer than {TemplateLimits.LongestMatch.TotalSeconds:0} s of time", TemplateLimitException.Slow, e);
        }
        catch (RecursionDepthOverflowException e)
        {
            throw Stopped(template, "it is nested too deeply, or calls itself without end", TemplateLimitException.Deep, e);
        }
        finally
        {
            steps = engine._limits.Steps;
            if (isSound && Kept.Count < MostKept)
                Kept.Add(engine);
            else
                engine.Dispose();
        }
    }

    private static ChatTemplateException Stopped(NamedTemplate template, string cause, string advice, Exception inner) =>
        new(template.Origin, $"the chat template was stopped: {cause}", advice, inner);

    public void Dispose() => _engine.Dispose();

    private string Run(NamedTemplate template, string variables, DateTime now)
    {
        if (template != WarmUp)
            _limits.Arm(0);
        try
        {
            if (!_compiled.TryGetValue(template.Text, out var program))
            {
                program = Compile(template);
                if (_compiled.Count >= MostCompiled)
                    _compiled.Clear();
                _compiled.Add(template.Text, program);
            }

            if (template != WarmUp)
                _limits.Arm(variables.Length);
            return _engine.Invoke(_render, program, variables, Clock(now)).AsString();
        }
        finally
        {
            _limits.Disarm();
        }
    }

    private JsValue Compile(NamedTemplate template)
    {
        try
        {
            return _engine.Invoke(_compile, template.Text);
        }
        catch (JavaScriptException e)
        {
            throw new ChatTemplateException(template.Origin, $"is no chat template that can be read: {e.Message}", Broken, e);
        }
    }

    private static string Clock(DateTime now) => JsonSerializer.Serialize(new
    {
        year = now.Year,
        month = now.Month,
        day = now.Day,
        hour = now.Hour,
        minute = now.Minute,
        second = now.Second,
        weekday = (int)now.DayOfWeek,
        yearDay = now.DayOfYear,
        microsecond = (now.Ticks / TimeSpan.TicksPerMicrosecond) % 1_000_000,
        epoch = new DateTimeOffset(now).ToUnixTimeSeconds(),
    });

    private static (string Name, Prepared<Module> Module) Prepare(string name)
    {
        using var stream = typeof(TemplateEngine).Assembly.GetManifestResourceStream($"{name}.js")!;
        using var reader = new StreamReader(stream);
        return (name, Engine.PrepareModule(reader.ReadToEnd(), name));
    }
}
