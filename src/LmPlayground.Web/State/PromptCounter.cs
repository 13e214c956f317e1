using LmPlayground.Models.Catalog;
using LmPlayground.Runs;
using LmPlayground.Runs.Planning;
using LmPlayground.Runs.Work;
using LmPlayground.Tokenizers;

namespace LmPlayground.Web.State;

/// <summary>Counts the tokens of the text that is being written, with its model's tokenizer and chat template and without the model.</summary>
/// <remarks>
/// Asked on the page's thread, counts off it. The latest text wins; one text is counted at a time, so that a page that asks faster than it is
/// answered takes one thread and no more.
/// </remarks>
/// <param name="tokenizers">Where the tokenizers are.</param>
/// <param name="failed">Takes what nobody has foreseen.</param>
public sealed class PromptCounter(ITokenizerList tokenizers, Func<Exception, Task> failed) : IDisposable
{
    private readonly LatestTurn _turns = new();
    private (RunRequest Texts, ModelEntry? Entry)? _asked;
    private Task _counting = Task.CompletedTask;

    /// <summary>Raised on the page's thread when <see cref="Length"/> is another one: the rest of the page need not be painted anew.</summary>
    public event Action? Changed;

    /// <summary>The last count, or null where there is none: generating says why.</summary>
    public PromptLength? Length { get; private set; }

    /// <summary>Counts what the model would read, unless that is counted already.</summary>
    internal async Task AskAsync(ModelChoice choice)
    {
        var (request, entry) = (choice.Complete, choice.Entry);
        var asked = (request.Only(RunPlanner.Texts), entry is null ? null : entry with { State = default, Progress = 0, MemoryInBytes = 0, Error = null });
        if (_asked == asked)
            return;
        _asked = asked;
        var turn = _turns.Begin();
        try
        {
            await _counting.WaitAsync(turn).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            turn.ThrowIfCancellationRequested();
            var counting = CountAsync(request, entry, turn);
            _counting = counting;
            var length = await counting;
            turn.ThrowIfCancellationRequested();
            if (length == Length)
                return;
            Length = length;
            Changed?.Invoke();
        }
        catch (OperationCanceledException) when (turn.IsCancellationRequested)
        {
            // A newer text is being counted.
        }
        catch (Exception error)
        {
            await failed(error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();

    /// <summary>A model whose card is not known yet has no limit, and what its chat template puts around a message is not known either.</summary>
    private async Task<PromptLength?> CountAsync(RunRequest request, ModelEntry? entry, CancellationToken turn)
    {
        if (entry is null || (entry.Card is null && entry.HasChatTemplate))
            return null;
        try
        {
            var tokenizer = await tokenizers.LoadAsync(entry.Id, turn);
            return await Task.Run(() => entry.Card is { } card ? PromptLength.Of(request, card, tokenizer) : Bare(request, entry, tokenizer), turn);
        }
        catch (Exception error) when (WorkErrors.IsRefusal(error) || error is ModelRunException)
        {
            return null;
        }
    }

    private static PromptLength Bare(RunRequest request, ModelEntry entry, ModelTokenizer tokenizer) =>
        new(tokenizer.Encode((entry.ReadsSource ? request.Source : request.Prompt) ?? "").Count, null, entry.ReadsSource);
}
