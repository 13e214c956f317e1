using System.Collections.Immutable;
using LmPlayground.Web.Runs.Comparisons;

namespace LmPlayground.Web.Components.Pages;

/// <content>How the columns' models find a given continuation.</content>
public partial class Compare
{
    private CancellationTokenSource? _scoring;
    private ImmutableArray<ModelScore> _scores = [];

    private string NameOf(string modelId) => Models.Entries.FirstOrDefault(entry => entry.Id == modelId)?.Name ?? modelId;

    private async Task ScoreAsync()
    {
        await _prompt!.Settled;
        _scoring?.Cancel();
        using var scoring = _scoring = new CancellationTokenSource();
        _failure = null;
        try
        {
            string[] models = [.. Enumerable.Range(0, _state.Columns.Length).Select(index => EntryOf(index)?.Id).OfType<string>().Distinct()];
            _scores = await Comparisons.ScoreAsync(models, PromptText, _state.Continuation, scoring.Token);
        }
        catch (OperationCanceledException) when (scoring.IsCancellationRequested)
        {
            // Not wanted any more.
        }
        catch (Exception error)
        {
            await FailAsync(error);
        }
        finally
        {
            Interlocked.CompareExchange(ref _scoring, null, scoring);
        }
    }
}
