using System.Globalization;
using LmPlayground.Demos;
using LmPlayground.Web.Components.Browser;
using LmPlayground.Web.Components.Controls;
using LmPlayground.Web.Formatting;
using LmPlayground.Web.Sharing;
using LmPlayground.Web.Texts;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace LmPlayground.Web.Components.Pages;

/// <summary>The links that a browser has made: renamed, extended and revoked by whoever has its secret.</summary>
public sealed partial class Links : IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private OwnerSecret? _owner;
    private IReadOnlyList<OwnedDemo>? _demos;
    private string? _secret;
    private string? _error;

    [Inject]
    private DemoSharer Sharer { get; set; } = null!;

    [Inject]
    private OwnerScript Owner { get; set; } = null!;

    [Inject]
    private LibraryWords Library { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    private IReadOnlyList<SelectOption> Lifetimes =>
    [
        new("", Words["KeepEnd"]),
        .. Sharer.Days.Select(days => new SelectOption(days.ToString(CultureInfo.InvariantCulture), Words.Plural("FromNow", days, days))),
    ];

    /// <inheritdoc/>
    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        await Owner.TakeOverAsync();
        _owner = await Owner.ReadAsync(makes: false);
        _secret = _owner is null ? null : Navigation.ToAbsoluteUri("/links#owner=" + _owner.Reveal()).AbsoluteUri;
        await AskAsync(() => Task.CompletedTask);
        StateHasChanged();
    }

    private string FactsOf(OwnedDemo demo)
    {
        var end = demo.ExpiresAt is { } at ? Words["Until", Day(at)] : Words["ForEver"];
        return string.Join(" · ", Words["Made", Day(demo.CreatedAt)], end, Words.Plural("Views", demo.Views, Show.Count(demo.Views)));
    }

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private Task RenameAsync(OwnedDemo demo, string title) => AskAsync(() => Sharer.RenameAsync(_owner!, demo.Id, title.Trim()));

    private Task ExtendAsync(OwnedDemo demo, string days) => days.Length == 0
        ? Task.CompletedTask
        : AskAsync(() => Sharer.SetExpiryAsync(_owner!, demo.Id, DemoLifetime.OfDays(int.Parse(days, CultureInfo.InvariantCulture))));

    private async Task RevokeAsync(OwnedDemo demo)
    {
        if (await Dialogs.ShowMessageBoxAsync(
            Words["RevokeQuestion", demo.Title.Length > 0 ? demo.Title : Words["NoTitle"]], Words["RevokeHelp"], yesText: Words["Revoke"], cancelText: Words["Keep"]) is true)
            await AskAsync(() => Sharer.RevokeAsync(_owner!, demo.Id));
    }

    /// <summary>Does something with a link, and shows what there is then.</summary>
    private async Task AskAsync(Func<Task> act)
    {
        try
        {
            await act();
            _demos = _owner is null ? [] : await Sharer.ListAsync(_owner, _gone.Token);
            _error = null;
        }
        catch (DemoStoreException error)
        {
            _error = Library.Of(error);
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            // The page is gone.
        }
    }
}
