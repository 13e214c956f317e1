using LmPlayground.Generation;
using LmPlayground.Models;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Tokenizers;

namespace LmPlayground.Runs.Work;

/// <summary>What the user reads of an error.</summary>
internal static class WorkErrors
{
    /// <summary>Whether an error is the fault of what was asked for: its model, its prompt, its settings.</summary>
    internal static bool IsRefusal(Exception exception) =>
        exception is ModelLoadException or ModelUseException or ChatTemplateException or PromptException or ArgumentException;

    /// <summary>Errors of their input in their own words, anything else without its innards.</summary>
    internal static string Explain(Exception exception) => exception switch
    {
        ModelLoadException or ModelUseException or ChatTemplateException or ModelRunException or PromptException or InvalidLogitsException => exception.Message,

        // A text or an id in the sampler's settings that the model has no token for.
        ArgumentException => exception.Message,
        OutOfMemoryException => "The server has no memory left for this run. Try a smaller model or a shorter prompt.",
        _ => $"The server failed in a way it did not expect ({exception.GetType().Name}); its log has the details. Your prompt is kept.",
    };
}
