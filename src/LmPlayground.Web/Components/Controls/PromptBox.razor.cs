using System.Runtime.InteropServices;
using LmPlayground.Web.Components.Browser;
using LmPlayground.Web.State;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace LmPlayground.Web.Components.Controls;

/// <summary>The prompt, edited in place. The browser owns its text; the server is told of it, and sets it only when it has another one.</summary>
/// <remarks>
/// Long texts and texts that are no valid Unicode travel as UTF-16 in binary: JSON and UTF-8 would lose lone surrogates, and a
/// message of the hub has a limit.
/// </remarks>
public sealed partial class PromptBox : ITextBox, IAsyncDisposable
{
    private const long LargestPrompt = 64 << 20;

    private ElementReference _box;
    private ElementReference _mirror;
    private IJSObjectReference? _module;
    private Task _reading = Task.CompletedTask;
    private int _edits;
    private string _initial = "";
    private readonly TaskCompletionSource _attached = new();

    [Inject]
    private IJSRuntime Script { get; set; } = null!;

    /// <summary>The text at the first render; later ones are set with <see cref="WriteAsync"/>.</summary>
    [Parameter, EditorRequired]
    public string Text { get; set; } = "";

    /// <summary>What the box is called in tests.</summary>
    [Parameter]
    public string Name { get; set; } = "prompt";

    /// <summary>What the box is called for people who do not see it.</summary>
    [Parameter]
    public string Label { get; set; } = "Prompt";

    /// <summary>What an empty box says.</summary>
    [Parameter]
    public string Placeholder { get; set; } = "Write a beginning: the model goes on from it.";

    /// <summary>Whether it is the box to which the page's skip link leads, and whose tokens the page follows as they come.</summary>
    [Parameter]
    public bool IsMain { get; set; } = true;

    /// <summary>What flows on after the prompt.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    /// <summary>Whether nothing can be typed yet.</summary>
    [Parameter]
    public bool ReadOnly { get; set; }

    /// <summary>The text, after it was edited.</summary>
    [Parameter]
    public EventCallback<string> Edited { get; set; }

    /// <summary>Ends when the box and the browser are connected.</summary>
    public Task Attached => _attached.Task;

    /// <summary>Ends when all edits that the browser has announced are here.</summary>
    public Task Settled => _reading;

    /// <summary>Sets the text.</summary>
    public async Task WriteAsync(string text)
    {
        if (_module is not null)
            await _module.InvokeVoidAsync("write", _box, MemoryMarshal.AsBytes(text.AsSpan()).ToArray());
        else
            _initial = text;
    }

    /// <summary>Puts a text in place of the selection, as if it had been typed.</summary>
    public async Task InsertAsync(string text)
    {
        if (_module is not null)
            await _module.InvokeVoidAsync("insert", _box, text);
    }

    /// <summary>Keeps the box's text in the tab under this name, for a prompt that the address cannot carry.</summary>
    public async Task KeepAsync(string reference)
    {
        if (_module is not null)
            await _module.InvokeVoidAsync("keep", _box, reference);
    }

    /// <summary>The text that the tab keeps under this name, or null.</summary>
    public async Task<string?> RecallAsync(string reference) =>
        _module is not null && await ReadAsync(await _module.InvokeAsync<IJSStreamReference?>("recall", reference)) is { Length: > 0 } text ? text : null;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_module is not null)
                await _module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser has gone and the module with it.
        }
    }

    /// <inheritdoc/>
    protected override void OnInitialized() => _initial = Text;

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        _module = await Script.InvokeAsync<IJSObjectReference>("import", "./js/prompt.js");
        if (_module is not null)
            await _module.InvokeVoidAsync("attach", _box, _mirror, IsMain);
        _attached.TrySetResult();
    }

    private async Task EditedAsync(PromptEditEventArgs edit)
    {
        _edits++;
        if (edit.Text is not null)
        {
            _reading = Task.CompletedTask;
            await Edited.InvokeAsync(edit.Text);
            return;
        }

        var reading = ReadLongAsync();
        _reading = reading;
        await reading;
    }

    private async Task ReadLongAsync()
    {
        var edit = _edits;
        try
        {
            if (_module is not null && await ReadAsync(await _module.InvokeAsync<IJSStreamReference?>("read", _box)) is { } text && edit == _edits)
                await Edited.InvokeAsync(text);
        }
        catch (Exception error) when (edit != _edits || error is IOException or TimeoutException or OperationCanceledException or JSException)
        {
            // The line was cut on the way: the browser sends its text again when it is back.
        }
    }

    private static async Task<string?> ReadAsync(IJSStreamReference? reference)
    {
        if (reference is null)
            return null;
        await using (reference)
        {
            await using var stream = await reference.OpenReadStreamAsync(LargestPrompt);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes);

            // A byte order mark stands before the text.
            return new string(MemoryMarshal.Cast<byte, char>(bytes.GetBuffer().AsSpan(0, (int)bytes.Length))[1..]);
        }
    }
}
