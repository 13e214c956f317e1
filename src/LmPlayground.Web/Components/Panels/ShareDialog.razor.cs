using System.Globalization;
using LmPlayground.Demos;
using LmPlayground.Runs.Work;
using LmPlayground.Sharing;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Links;
using LmPlayground.Sharing.Making;
using LmPlayground.Web.Components.Browser;
using LmPlayground.Web.Components.Controls;
using LmPlayground.Web.Formatting;
using LmPlayground.Web.Sharing;
using LmPlayground.Web.Texts;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace LmPlayground.Web.Components.Panels;

/// <summary>Makes a link to what is on the page: kept on this server with every token's trace, encrypted or not, whole in the address, or the settings alone.</summary>
public sealed partial class ShareDialog : IDisposable
{
    /// <summary>Chat programs cut longer addresses off.</summary>
    private const int LongestForChat = 2_000;

    private const int LongestProposal = 80;

    private const string Forever = "0";

    private readonly CancellationTokenSource _closed = new();
    private string _title = "";
    private string _days = "";
    private string? _link;
    private string? _error;
    private string? _address;
    private string? _addressNote;
    private ElementReference _anchor;
    private bool _canEncrypt = true;
    private bool _isEncrypted;
    private bool _hasKey;
    private DateTimeOffset? _expiresAt;
    private bool _isBusy;

    [Inject]
    private DemoSharer Sharer { get; set; } = null!;

    [Inject]
    private OwnerScript Owner { get; set; } = null!;

    [Inject]
    private LibraryWords Library { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private ILogger<ShareDialog> Logger { get; set; } = null!;

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = null!;

    /// <summary>The title that is proposed.</summary>
    [Parameter]
    public string Proposed { get; set; } = "";

    /// <summary>The address of the settings alone.</summary>
    [Parameter, EditorRequired]
    public string Settings { get; set; } = "";

    /// <summary>Makes the demo of what is on the page.</summary>
    [Parameter, EditorRequired]
    public Func<DemoWords, CancellationToken, Task<SharedDemo>> Make { get; set; } = null!;

    private IReadOnlyList<SelectOption> Lifetimes =>
    [
        .. Sharer.Days.Select(days => new SelectOption(Written(days), Words.Plural("Days", days, days))),
        .. Sharer.AllowsForever ? [new SelectOption(Forever, Words["ForEver"])] : (IEnumerable<SelectOption>)[],
    ];

    private string Note => _isBusy ? Words["Making"]
        : _link is null ? Words["WhoCanRead"]
        : _expiresAt is { } end ? Words["WorksUntil", end.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)]
        : Words["WorksForEver"];

    /// <summary>Asks for a link to what is on a page.</summary>
    /// <param name="dialogs">Shows the dialog.</param>
    /// <param name="settings">The page's address, which has the settings.</param>
    /// <param name="text">The text whose beginning is proposed as the title.</param>
    /// <param name="make">Makes the demo of what is on the page.</param>
    internal static Task OpenAsync(IDialogService dialogs, string settings, string text, Func<DemoWords, CancellationToken, Task<SharedDemo>> make) =>
        dialogs.ShowAsync<ShareDialog>(null, new DialogParameters<ShareDialog>
        {
            { dialog => dialog.Settings, settings },
            { dialog => dialog.Proposed, Beginning(text) },
            { dialog => dialog.Make, make },
        }, new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true });

    /// <inheritdoc/>
    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnInitialized() => (_title, _days) = (Proposed, Written(Sharer.UsualDays));

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && !(_canEncrypt = await Owner.CanEncryptAsync()))
            StateHasChanged();
        if (_link is null || !_isEncrypted || _hasKey)
            return;
        _hasKey = true;
        await Owner.AddKeyAsync(_anchor);
    }

    /// <summary>The first line of a text, or as much of it as a title has room for; never half a character.</summary>
    private static string Beginning(string text)
    {
        var line = text.AsSpan().Trim();
        line = line.IndexOfAny('\n', '\r') is >= 0 and var end ? line[..end] : line;
        if (line.Length <= LongestProposal)
            return line.ToString();
        return string.Concat(line[..(char.IsHighSurrogate(line[LongestProposal - 1]) ? LongestProposal - 1 : LongestProposal)], "…");
    }

    private static string Written(int days) => days.ToString(CultureInfo.InvariantCulture);

    /// <summary>What everybody may read is not the beginning of what nobody may.</summary>
    private void Encrypt(bool isOn)
    {
        _isEncrypted = isOn;
        if (isOn && _title == Proposed)
            _title = "";
        else if (!isOn && _title.Length == 0)
            _title = Proposed;
    }

    private async Task MakeAsync() => _error = await TryAsync(async () =>
    {
        if (await Owner.ReadAsync(makes: true) is not { } owner)
            return Words["NoStorage"];
        var title = _title.Trim();
        var demo = await Make(new DemoWords(_isEncrypted && title.Length == 0 ? Proposed : title), _closed.Token);
        var lifetime = _days == Forever ? DemoLifetime.Forever : DemoLifetime.OfDays(int.Parse(_days, CultureInfo.InvariantCulture));
        var saved = _isEncrypted
            ? await Sharer.ShareSealedAsync(owner, await Owner.EncryptAsync(DemoJson.Write(demo), _closed.Token), title, lifetime, _closed.Token)
            : await Sharer.ShareAsync(owner, demo, lifetime, _closed.Token);
        (_link, _expiresAt) = (Navigation.ToAbsoluteUri(DemoSharer.PathOf(saved.Id)).AbsoluteUri, saved.ExpiresAt);
        return null;
    });

    private async Task PutInAddressAsync() => _addressNote = await TryAsync(async () =>
    {
        var link = DemoLink.Write(await Make(new DemoWords((_isEncrypted ? Proposed : _title).Trim()), _closed.Token));
        _address = Navigation.ToAbsoluteUri(DemoSharer.PathOfAddress(link)).AbsoluteUri;
        var length = Show.Count(_address.Length);
        return link.IsWhole ? SendWords["Whole", length] : SendWords.Plural("Trimmed", link.Candidates, length, link.Candidates);
    });

    /// <summary>Does what may be refused, and gives what there is to say of it.</summary>
    private async Task<string?> TryAsync(Func<Task<string?>> work)
    {
        (_isBusy, _error) = (true, null);
        try
        {
            return await work();
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // The dialog is gone.
            return null;
        }
        catch (SharedDemoException error)
        {
            return Library.Of(error);
        }
        catch (DemoStoreException error)
        {
            return Library.Of(error);
        }
        catch (Exception error)
        {
            LogFailed(error);
            return Library.Of(WorkErrors.Explain(error));
        }
        finally
        {
            _isBusy = false;
        }
    }

    [LoggerMessage(LogLevel.Error, "A demo could not be shared")]
    private partial void LogFailed(Exception error);
}
