using LmPlayground.Models.Catalog;
using LmPlayground.Web.Downloads;
using LmPlayground.Web.Texts;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace LmPlayground.Web.Components.Layout;

/// <summary>Tells on whatever page when a download has ended and its model can be used. One that failed says so in its own row.</summary>
public sealed class DownloadWatch : ComponentBase, IDisposable
{
    private Dictionary<string, Download> _going = [];
    private readonly List<Download> _gone = [];
    private readonly List<IDisposable> _subscriptions = [];

    [Inject]
    private IDownloads Downloads { get; set; } = null!;

    [Inject]
    private IModelList Models { get; set; } = null!;

    [Inject]
    private IStringLocalizer<LayoutTexts> Words { get; set; } = null!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = null!;

    /// <inheritdoc/>
    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        // Whoever may not download is not told of what others do.
        if (!RendererInfo.IsInteractive || Downloads.Refusal is not null)
            return;
        _subscriptions.Add(Downloads.Subscribe(Look));
        _subscriptions.Add(Models.Subscribe(Look));
        _going = Going();
    }

    private Dictionary<string, Download> Going() =>
        Downloads.Current.Where(download => download.Error is null).DistinctBy(download => download.Id).ToDictionary(download => download.Id);

    private void Look() => _ = InvokeAsync(() =>
    {
        var going = Going();
        _gone.RemoveAll(download => going.ContainsKey(download.Id));
        _gone.AddRange(_going.Values.Where(download => !going.ContainsKey(download.Id)));
        _going = going;

        // The list of models learns of a new one a moment later, and of one that was cancelled never.
        foreach (var download in _gone.Where(download => Models.Have($"{download.Repository}", download.Variant)).ToList())
        {
            _gone.Remove(download);
            Snackbar.Add(Words["DownloadCame", download.Repository, download.Variant]);
        }
    });
}
