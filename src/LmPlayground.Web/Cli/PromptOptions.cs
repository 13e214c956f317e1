using System.CommandLine;
using LmPlayground.Runs;
using LmPlayground.Runs.Settings;

namespace LmPlayground.Web.Cli;

/// <summary>What commands that continue a prompt have in common: the settings, and that there is one prompt.</summary>
internal static class PromptOptions
{
    /// <summary>As the page's switch beside Chat: the model's chat template is left out.</summary>
    internal static readonly Option<bool> Raw = new("--raw") { Description = "Read the prompt as it stands, also where the model has a chat template." };

    /// <summary>The settings of a continuation.</summary>
    internal static readonly IReadOnlyList<Setting> Settings =
        [.. RunSettings.All.Except([RunSettings.Model, RunSettings.Task, RunSettings.FillOrder, RunSettings.Continuation, RunSettings.Columns])];

    /// <summary>Checks that there is one prompt; an encoder-decoder's own text begins empty.</summary>
    /// <exception cref="CommandLineException">There is none, or there are two.</exception>
    internal static RunRequest Checked(ParseResult parsed, RunRequest request)
    {
        var isRaw = parsed.GetValue(Raw);
        if (isRaw && request.Chat is true)
            throw new CommandLineException("Give --chat or --raw, not both.");
        if (isRaw)
            request = request with { Chat = false };
        return (request.Prompt, request.PromptIds.Count > 0) switch
        {
            (not null, true) => throw new CommandLineException("Give --prompt or --prompt-ids, not both."),
            (null, false) when request.Source is null => throw new CommandLineException("Give the prompt with --prompt TEXT or --prompt-ids 1,2,3."),
            (null, false) => request with { Prompt = "" },
            (null, true) when request.Chat is true => throw new CommandLineException("--chat needs the user's message with --prompt."),
            _ => request,
        };
    }
}
