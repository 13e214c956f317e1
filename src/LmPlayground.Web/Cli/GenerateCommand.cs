using System.Collections.Immutable;
using System.CommandLine;
using LmPlayground.Generation;
using LmPlayground.Generation.Engine;
using LmPlayground.Models;
using LmPlayground.Models.Chat;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Web.Cli;

/// <summary><c>generate</c>: a run without a browser, as text or as JSON lines.</summary>
internal static class GenerateCommand
{
    internal static Command Create(Func<ParseResult, CliModels> openModels)
    {
        var command = new Command("generate", "Continue a prompt, as text or as one JSON object a token.");
        var options = new GenerateOptions();
        options.AddTo(command);
        var branching = new BranchingOptions();
        branching.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var models = openModels(parsed);
            return await RunAsync(options, branching, parsed, models, parsed.InvocationConfiguration.Output, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        GenerateOptions options,
        BranchingOptions branching,
        ParseResult parsed,
        CliModels models,
        TextWriter output,
        CancellationToken cancellationToken)
    {
        // All of the input is checked before a model is read.
        var source = options.Source(parsed);
        var (text, ids) = options.Prompt(parsed);
        var chat = options.Chat(parsed);
        var sampling = options.Sampling(parsed);
        var stopping = options.Stopping(parsed);
        var seed = options.Seed(parsed);
        var top = options.Top(parsed);
        var strategy = branching.Read(parsed);

        var loaded = await models.LoadAsync(options.Model(parsed), cancellationToken);
        using var engine = new GenerationEngine();
        var model = source is null
            ? loaded.AsLanguageModel()
            : engine.Encode(loaded.AsEncoderDecoder(), PromptEncoder.EncodeSource(loaded.AsEncoderDecoder(), source), cancellationToken);
        var prompt = Prompt(model, text, ids, chat);
        PromptEncoder.Check(model, prompt);
        var request = new GenerationRequest
        {
            Model = strategy.Guide(model, prompt),
            PromptIds = prompt,
            Sampling = sampling,
            Stopping = stopping,
            Seed = seed,
            TopCandidates = top,
        };
        if (strategy.Start(engine, request) is { } search)
            return await BranchingOutput.WriteAsync(search, options.Json(parsed), output, cancellationToken);
        using var run = engine.Generate(request);
        return await WriteAsync(run, options.Json(parsed), output, cancellationToken);
    }

    private static ImmutableArray<int> Prompt(ILanguageModel model, string? text, int[]? ids, ChatRequest? chat)
    {
        if (chat is null)
            return ids is null ? PromptEncoder.Encode(model, text!) : [.. ids];
        var template = model.Card.ChatTemplate
            ?? throw new CommandLineException($"{model.Card.Name} has no chat template: leave out --chat, and write the prompt as its text goes on.");
        return PromptEncoder.EncodeRendered(model, template.Render(chat));
    }

    private static async Task<int> WriteAsync(GenerationRun run, bool json, TextWriter output, CancellationToken cancellationToken)
    {
        var written = 0;
        try
        {
            await foreach (var step in run.WithCancellation(cancellationToken))
            {
                await output.WriteAsync(json ? GenerateOutput.Line(step) + "\n" : step.Released);
                await output.FlushAsync(cancellationToken);
                written += step.Released.Length;
            }
        }
        catch (OperationCanceledException) when (run.Summary is not null)
        {
            // Interrupted: what is there is shown whole.
        }

        var summary = run.Summary!;
        await output.WriteAsync(json ? GenerateOutput.Line(summary) + "\n" : summary.Text[written..] + "\n");
        await output.FlushAsync(CancellationToken.None);
        return summary.FinishReason == FinishReason.Cancelled ? ExitCodes.Interrupted : ExitCodes.Success;
    }
}
