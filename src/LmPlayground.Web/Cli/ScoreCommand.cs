using System.CommandLine;
using System.Text.Json;
using LmPlayground.Generation.Scoring;
using LmPlayground.Runs;
using LmPlayground.Runs.Work;

namespace LmPlayground.Web.Cli;

/// <summary><c>score</c>: how probable models find a given text after a prompt, in bits, each with its own tokenizer.</summary>
internal static class ScoreCommand
{
    private static readonly Option<string[]> Model = new("--model") { Description = "A model's id or folder; may be given several times.", Required = true };
    private static readonly Option<string> Prompt = new("--prompt") { Description = "What stands before the text; empty unless given.", DefaultValueFactory = _ => "" };
    private static readonly Option<string?> Text = new("--text") { Description = "The text to score." };
    private static readonly Option<string?> TextFile = new("--text-file") { Description = "A file with the text to score, UTF-8." };
    private static readonly Option<bool> AsJson = new("--json") { Description = "One JSON object a model, with its tokens." };

    internal static Command Create(Func<ParseResult, CliModels> openModels)
    {
        var command = new Command("score", "Measure how probable models find a given text: bits a token and a character.");
        foreach (var option in (Option[])[Model, Prompt, Text, TextFile, AsJson])
            command.Options.Add(option);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var text = await ReadTextAsync(parsed, cancellationToken);
            var request = new RunRequest
            {
                Prompt = parsed.GetRequiredValue(Prompt),
                Continuation = text,
                Columns = [.. parsed.GetRequiredValue(Model).Select(model => new RunRequest { Model = model })],
            };
            using var models = openModels(parsed);
            await using var runs = new CliRuns(models.Loader, topCandidates: 0, parsed.InvocationConfiguration.Error);
            var last = await runs.FollowAsync(new ScoringWork(request, runs.Services), _ => Task.CompletedTask, cancellationToken);
            JobFailure.ThrowIfFailed(last);
            cancellationToken.ThrowIfCancellationRequested();
            if (last.Detail.Scores.FirstOrDefault(score => score.Error is not null) is { } failed)
                throw new CommandLineException(failed.Error!.Text);
            var output = parsed.InvocationConfiguration.Output;
            var scores = last.Detail.Scores.Select(score => (score.ModelId, score.Score!)).ToList();
            await (parsed.GetValue(AsJson) ? WriteJsonAsync(scores, output) : WriteTextAsync(scores, output));
            await output.FlushAsync(cancellationToken);
            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task<string> ReadTextAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        switch (parsed.GetValue(Text), parsed.GetValue(TextFile))
        {
            case ({ } text, null):
                return text;
            case (null, { } file) when File.Exists(file):
                return await File.ReadAllTextAsync(file, cancellationToken);
            case (null, { } file):
                throw new CommandLineException($"--text-file: there is no file {Path.GetFullPath(file)}.");
            case (null, null):
                throw new CommandLineException("Give the text to score with --text TEXT or --text-file FILE.");
            default:
                throw new CommandLineException("Give --text or --text-file, not both.");
        }
    }

    private static async Task WriteTextAsync(List<(string Model, ContinuationScore Score)> scores, TextWriter output)
    {
        if (scores.Count == 1)
        {
            var tokens = new TextTable("token", "bits", "rank");
            foreach (var token in scores[0].Score.Tokens)
                tokens.Add(JsonEncodedText.Encode(token.Display, RunJsonLines.Json.Encoder).ToString(), TextTable.Number(token.Surprisal), TextTable.Number(token.Rank, 0));
            await tokens.WriteAsync(output);
            await output.WriteAsync("\n");
        }

        var table = new TextTable("model", "tokens", "bits", "characters", "bits/token", "bits/character");
        foreach (var (model, score) in scores)
        {
            table.Add(
                model, TextTable.Number(score.Tokens.Length, 0), TextTable.Number(score.TotalBits, 2), TextTable.Number(score.Characters, 0),
                TextTable.Number(score.BitsPerToken), TextTable.Number(score.BitsPerCharacter));
        }

        await table.WriteAsync(output);
        foreach (var straddling in scores.Where(pair => pair.Score.FromPrompt > 0).GroupBy(pair => pair.Score.Text[..pair.Score.FromPrompt]))
        {
            var names = string.Join(", ", straddling.Select(pair => pair.Model));
            await output.WriteAsync($"\n{names}: one token holds the end of the prompt and the beginning of the text, so '{straddling.Key}' is scored with the text.\n");
        }
    }

    private static async Task WriteJsonAsync(List<(string Model, ContinuationScore Score)> scores, TextWriter output)
    {
        foreach (var (model, score) in scores)
        {
            var line = new Line(
                model, score.Text, score.FromPrompt, score.ContextTokens, score.TotalBits, score.Characters, score.BitsPerToken, score.BitsPerCharacter,
                [.. score.Tokens.Select(token => new Token(token.Id, token.Display, token.Start, token.Length, token.Surprisal, token.Rank))]);
            await output.WriteAsync(JsonSerializer.Serialize(line, CompareOutput.Json) + "\n");
        }
    }

    private sealed record Line(
        string Model, string Text, int FromPrompt, int ContextTokens, double TotalBits, int Characters, double BitsPerToken, double BitsPerCharacter, Token[] Tokens);

    private sealed record Token(int Id, string Text, int Start, int Length, double Surprisal, int Rank);
}
