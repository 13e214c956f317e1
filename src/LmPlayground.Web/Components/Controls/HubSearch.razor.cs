using System.Globalization;
using LmPlayground.Models.Hub;
using LmPlayground.Web.Downloads;
using LmPlayground.Web.Formatting;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Controls;

/// <summary>Finds a model on the hub and lets a variant of it be chosen. Errors stand where the question was asked.</summary>
public sealed partial class HubSearch : IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private string _words = "";
    private string? _searched;
    private IReadOnlyList<HubSearchResult> _results = [];
    private HubSearchResult? _opened;
    private HubRepository? _repository;
    private string _variant = "";
    private string? _openError;
    private string? _error;
    private bool _isOffline;
    private bool _isBusy;

    /// <summary>Asks the hub.</summary>
    [Parameter, EditorRequired]
    public IDownloads Downloads { get; set; } = null!;

    /// <summary>Whether a variant of a repository is on the server already.</summary>
    [Parameter, EditorRequired]
    public Func<string, string, bool> Installed { get; set; } = null!;

    /// <summary>Downloads a variant.</summary>
    [Parameter, EditorRequired]
    public Action<HubRepositoryId, string> Chosen { get; set; } = null!;

    private bool Disabled => !RendererInfo.IsInteractive;

    private string? Note => (_error, _isBusy, _searched) switch
    {
        ({ } error, _, _) => error,
        (null, true, _) => Words["AskingHub"],
        _ when _results.Count > 0 => null,
        (null, false, { } searched) => Words["NothingFound", searched],
        _ => Words["HubHelp"],
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }

    private string FactsOf(HubSearchResult result)
    {
        var downloads = result.Downloads > 0 ? Words["DownloadsAMonth", result.Downloads.ToString("N0", CultureInfo.InvariantCulture)] + " · " : "";
        return downloads + (result.License is { } licence ? Words["LicenceIs", licence] : Words["LicenceNotStated"]);
    }

    private static IReadOnlyList<SelectOption> VariantsOf(HubRepository repository) =>
        [.. repository.Variants.Select(variant => new SelectOption(variant.Name, $"{variant.Name} · {Sizes.Text(variant.Size)}"))];

    private string SizeOf(HubRepository repository) => Sizes.Text(repository.Variants.First(variant => variant.Name == _variant).Size);

    /// <summary>Why the chosen variant need not be downloaded, or null.</summary>
    private string? Place(HubRepository repository)
    {
        var id = repository.Id.ToString();
        if (Installed(id, _variant))
            return Words["PlaceHere"];
        return Downloads.Current.FirstOrDefault(download => download.Id == $"{id}:{_variant}") switch
        {
            null => null,
            { Error: null } => Words["PlaceComing"].Value,
            _ => Words["PlaceFailed"].Value,
        };
    }

    private Task SearchAsync() => AskAsync(
        async () =>
        {
            _opened = null;
            var words = _words.Trim();

            // Who gives the whole name is not made to find it in a list.
            _results = words.Contains('/', StringComparison.Ordinal)
                ? [await DescribeAsync(words)]
                : await Downloads.SearchAsync(words, _gone.Token);
            _searched = words;
        },
        error =>
        {
            _results = [];
            _error = error.IsOffline ? Words["HubOffline"] : error.Message;
            _isOffline = error.IsOffline;
        });

    private async Task<HubSearchResult> DescribeAsync(string id)
    {
        var repository = await Downloads.FindAsync(id, _gone.Token);
        return new HubSearchResult(repository.Id.ToString(), 0, repository.License);
    }

    private Task OpenAsync(HubSearchResult result) => AskAsync(
        async () =>
        {
            (_opened, _repository, _openError) = (result, null, null);
            var repository = await Downloads.FindAsync(result.Id, _gone.Token);
            _variant = repository.Choose(null).Name;
            _repository = repository;
        },
        error => _openError = error.Message);

    private async Task AskAsync(Func<Task> ask, Action<HubException> failed)
    {
        (_isBusy, _error) = (true, null);
        try
        {
            await ask();
        }
        catch (HubException error)
        {
            failed(error);
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            // The page is gone.
        }
        finally
        {
            _isBusy = false;
        }
    }
}
