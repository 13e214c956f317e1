using LmPlayground.Models.Catalog;
using LmPlayground.Models.Hub;
using LmPlayground.Tokenizers;
using LmPlayground.Web.Access;
using LmPlayground.Web.Downloads;
using LmPlayground.Web.Formatting;
using LmPlayground.Web.Texts;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace LmPlayground.Web.Components.Pages;

/// <summary>The models on the server, what is being downloaded, and a search on the hub.</summary>
public sealed partial class Models : IDisposable
{
    /// <summary>Changes come for each percent of a load and each quarter of a second of a download.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private const int RowsOnAPage = 50;

    private readonly Dictionary<string, string> _errors = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _gone = new();
    private IDisposable? _models;
    private IDisposable? _downloads;
    private int _dirty;
    private int _pageNumber = 1;
    private string _words = "";
    private IReadOnlyList<ModelEntry> _found = [];

    [Inject]
    private IModelList List { get; set; } = null!;

    [Inject]
    private IModelLoader Loader { get; set; } = null!;

    [Inject]
    private IDownloads Downloads { get; set; } = null!;

    [Inject]
    private VisitorPolicy Policy { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = null!;

    private int PageCount => (_found.Count + RowsOnAPage - 1) / RowsOnAPage;

    /// <summary>From 1; the last one where the list has become shorter.</summary>
    private int PageNumber => Math.Clamp(_pageNumber, 1, Math.Max(1, PageCount));

    private int First => (PageNumber - 1) * RowsOnAPage;

    private string Range
    {
        get
        {
            var all = Words.Plural("ModelCount", _found.Count, Show.Count(_found.Count));
            if (_found.Count < List.Entries.Count)
                all = _found.Count == 0 ? Words["NoModelFits"] : Words["ModelsOf", Show.Count(_found.Count), Show.Count(List.Entries.Count)];
            return PageCount <= 1 ? all : Words["RangeOf", Show.Count(First + 1), Show.Count(Math.Min(First + RowsOnAPage, _found.Count)), all];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _models?.Dispose();
        _downloads?.Dispose();
        _gone.Cancel();
        _gone.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Find();
        if (!RendererInfo.IsInteractive)
            return;
        _models = List.Subscribe(() => Volatile.Write(ref _dirty, 1));
        _downloads = Downloads.Subscribe(() => Volatile.Write(ref _dirty, 1));
        _ = WatchAsync(_gone.Token);
        _ = List.RefreshAsync();
    }

    /// <summary>Renders at most once in <see cref="Interval"/>.</summary>
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, Time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (Interlocked.Exchange(ref _dirty, 0) != 0)
                    await InvokeAsync(Refresh);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The page is gone.
        }
        catch (Exception error)
        {
            await DispatchExceptionAsync(error);
        }
    }

    private void Refresh()
    {
        Find();
        StateHasChanged();
    }

    /// <summary>Other words: from the first page on.</summary>
    private void Filter()
    {
        _pageNumber = 1;
        Find();
    }

    /// <summary>The models that have all words, found once for each change and not for each rendering.</summary>
    private void Find()
    {
        var words = _words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        _found = words.Length == 0 ? List.Entries : [.. List.Entries.Where(entry => ModelText.Fits(entry, words))];
    }

    private async Task LoadAsync(string id)
    {
        _errors.Remove(id);
        try
        {
            using var lease = await Loader.AcquireAsync(id, _gone.Token);
        }
        catch (ModelLoadException)
        {
            // The list says why.
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            // The page is gone; the model goes on loading.
        }
    }

    /// <summary>A model in use stays, and its row says why; what has gone is told, since only a word of its row shows it.</summary>
    private void Unload(ModelEntry model)
    {
        _errors.Remove(model.Id);
        if (Policy.UnloadRefusal is { } refusal)
            _errors[model.Id] = refusal;
        else if (Loader.Unload(model.Id))
            Snackbar.Add(Words["Unloaded", model.Name]);
        else if (List.Entries.Any(entry => entry.Id == model.Id && entry.State == ModelState.Ready))
            _errors[model.Id] = Words["InUse"];
    }

    /// <summary>Ends a download, once that is certain, or forgets one that failed.</summary>
    private async Task CancelAsync(Download download)
    {
        if (download is { Error: null, Progress: { Done: > 0 } progress } && !await IsToEndAsync(download, progress))
            return;
        Downloads.Cancel(download.Id);
    }

    private async Task<bool> IsToEndAsync(Download download, DownloadProgress progress) => await Dialogs.ShowMessageBoxAsync(
        Words["CancelDownload", download.Repository],
        Words["CancelDownloadHelp", Sizes.Text(progress.Done), Sizes.Text(progress.Total)],
        yesText: Words["CancelIt"], cancelText: Words["GoOn"]) is true;

    private void Start(HubRepositoryId repository, string variant) => Downloads.Start(repository, variant);
}
