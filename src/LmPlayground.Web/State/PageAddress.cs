using LmPlayground.Web.Texts;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace LmPlayground.Web.State;

/// <summary>
/// A page's state in its address: read when the page opens and when the reader goes back, written once an edit has rested. Texts that an
/// address cannot carry are kept in the tab, and the address names them.
/// </summary>
/// <typeparam name="TState">The state: immutable.</typeparam>
internal sealed class PageAddress<TState> : IDisposable
    where TState : class
{
    /// <summary>Marks an entry of the browser's history as what a run was started with: a later edit makes an entry of its own.</summary>
    private const string RunMark = "generated";

    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(400);

    private readonly NavigationManager _navigation;
    private readonly PageStateFormat<TState> _format;
    private readonly PageBoxes _boxes;
    private readonly Action<string> _notice;
    private readonly PageWords _words;
    private readonly Debouncer _writing;
    private IReadOnlyDictionary<string, string> _references = new Dictionary<string, string>();
    private Action<TState, bool>? _returned;
    private Func<TState> _state;
    private string? _written;
    private string? _mark;

    /// <summary>The address of the page that the browser shows.</summary>
    /// <param name="navigation">The browser's address and history.</param>
    /// <param name="time">The clock.</param>
    /// <param name="format">How the state is written and read.</param>
    /// <param name="boxes">The boxes that keep long texts.</param>
    /// <param name="notice">Takes what readers should know.</param>
    /// <param name="thread">The page's thread, which takes what writing throws.</param>
    internal PageAddress(
        NavigationManager navigation, TimeProvider time, PageStateFormat<TState> format, PageBoxes boxes, Action<string> notice, PageThread thread)
    {
        _navigation = navigation;
        _format = format;
        _boxes = boxes;
        _notice = notice;
        _words = thread.Words;
        _state = () => throw new InvalidOperationException("Nothing is followed.");
        _writing = new Debouncer(time, Rest, () => WriteAsync(), thread.FailAsync);
    }

    /// <summary>The state that the address has now.</summary>
    internal TState Read() => Read(_navigation.Uri);

    /// <summary>Writes the state once edits have rested, and tells when the reader has gone back or forward to another one.</summary>
    /// <param name="state">The page's state.</param>
    /// <param name="returned">Called with the state of an address that the page has not written itself, and whether a run was started with it.</param>
    internal void Follow(Func<TState> state, Action<TState, bool> returned)
    {
        (_state, _returned) = (state, returned);
        _navigation.LocationChanged += LocationChanged;
    }

    /// <summary>The state with the texts that the tab keeps for the address that was read last.</summary>
    internal async Task<TState> RecallAsync(TState state)
    {
        var references = _references;
        _references = new Dictionary<string, string>();
        foreach (var (name, reference) in references)
        {
            if (_boxes.Find(name) is not { } box)
                continue;
            await box.Attached;
            var text = await box.RecallAsync(reference);
            if (text is not null)
                state = _format.WithText(state, name, text);
            _notice(text is not null ? Kept(name) : _words["TextNotHere", _words[_format.Call(name)]]);
        }

        return state;
    }

    /// <summary>The state has been edited.</summary>
    internal void Edited() => _writing.Ask();

    /// <summary>The address shows what a run was started with.</summary>
    internal void MarkAsRun() => _mark = RunMark;

    /// <summary>Writes the state at once, as what a run is started with.</summary>
    internal Task WriteRunAsync()
    {
        _writing.Dispose();
        return WriteAsync(RunMark);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _navigation.LocationChanged -= LocationChanged;
        _writing.Dispose();
    }

    private TState Read(string uri)
    {
        var reading = _format.Read(new Uri(uri).Query);
        _references = reading.References;
        foreach (var notice in reading.Notices)
            _notice(_words.Of(notice));
        return reading.State;
    }

    private void LocationChanged(object? sender, LocationChangedEventArgs change)
    {
        _mark = change.HistoryEntryState;

        // A link to another page is that page's matter.
        if (change.Location == _written || new Uri(change.Location).AbsolutePath != _format.Path)
            return;
        _writing.Dispose();
        _written = change.Location;
        _returned?.Invoke(Read(change.Location), _mark == RunMark);
    }

    /// <summary>Writes the state into the address: over a draft, or as a new entry after one that a run was started with.</summary>
    private async Task WriteAsync(string? mark = null)
    {
        var state = _state();
        var uri = new Uri(_navigation.Uri).GetLeftPart(UriPartial.Path) + _format.Write(state);
        var isSame = uri == _navigation.Uri;
        if (isSame && (mark is null || mark == _mark))
            return;
        foreach (var (name, reference) in _format.LongTexts(state))
        {
            _notice(Kept(name));
            if (_boxes.Find(name) is { } box)
                await box.KeepAsync(reference);
        }

        var replace = _mark != RunMark || isSame;
        _written = uri;
        _mark = mark;
        _navigation.NavigateTo(uri, new NavigationOptions { ReplaceHistoryEntry = replace, HistoryEntryState = mark });
    }

    private string Kept(string name) => _words["TextKept", _words[_format.Call(name)]];
}
