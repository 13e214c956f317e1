using LmPlayground.Generation;
using LmPlayground.Models;
using LmPlayground.Runs.Messages;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Tokenizers;

namespace LmPlayground.Runs.Work;

/// <summary>What people read of an error, and whose fault it is.</summary>
public static class WorkErrors
{
    /// <summary>Whether an error is the fault of what was asked for: its model, its prompt, its settings.</summary>
    public static bool IsRefusal(Exception exception) =>
        exception is ModelLoadException or ModelUseException or ChatTemplateException or PromptException or SettingException;

    /// <summary>Whether nobody has foreseen an error: its stack belongs into the log, and its own words are no help to anyone.</summary>
    public static bool IsUnexpected(Exception exception) =>
        !IsRefusal(exception) && exception is not (ModelRunException or InvalidLogitsException or OutOfMemoryException);

    /// <summary>An error that was foreseen in its own words, any other one without its innards.</summary>
    public static Message Explain(Exception exception) => exception switch
    {
        OutOfMemoryException => Message.Of("server.memory", $"The server has no memory left for this run. Try a smaller model or a shorter prompt."),
        _ when IsUnexpected(exception) => Message.Of(
            "server.unexpected", $"The server failed in a way it did not expect ({exception.GetType().Name}); its log has the details. Your prompt is kept."),
        SettingException { Code: var code, Arguments: var arguments } => new Message(code, exception.Message, arguments),
        PromptException { Code: var code, Arguments: var arguments } => new Message(code, exception.Message, arguments),
        ModelUseException { Code: var code, Arguments: var arguments } => new Message(code, exception.Message, arguments),
        _ => Message.Of("model.file", $"{exception.Message}"),
    };
}
