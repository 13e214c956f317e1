using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace LmPlayground.Web.Components.Controls;

/// <summary>A choice of one of several: MudBlazor's select, mended in what it lacks.</summary>
public partial class Select
{
    /// <summary>Letters typed within this time are the beginning of one name.</summary>
    private static readonly TimeSpan SearchInterval = TimeSpan.FromMilliseconds(700);

    private bool _isOpen;
    private string? _pending;

    /// <summary>What is chosen.</summary>
    [Parameter, EditorRequired]
    public string? Value { get; set; }

    /// <summary>What can be chosen.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<SelectOption> Options { get; set; } = [];

    /// <summary>What it is called where no label names it.</summary>
    [Parameter]
    public string? Label { get; set; }

    /// <summary>The id that a label names.</summary>
    [Parameter]
    public string? Id { get; set; }

    /// <summary>What tests find it by.</summary>
    [Parameter]
    public string? TestId { get; set; }

    /// <summary>Whether it is as wide as its place, and not as its words.</summary>
    [Parameter]
    public bool Wide { get; set; }

    /// <summary>Whether nothing can be chosen yet.</summary>
    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>Another value.</summary>
    [Parameter]
    public EventCallback<string> Changed { get; set; }

    private string? TextOf(string? value) => Options.FirstOrDefault(option => option.Value == value)?.Text ?? value;

    /// <summary>A letter that is typed over the open list chooses at once for MudBlazor: here it only moves, as the arrows do.</summary>
    private Task ChooseAsync(string? value)
    {
        _pending = value;
        return _isOpen || value is null ? Task.CompletedTask : CommitAsync(value);
    }

    /// <summary>Comes before MudBlazor itself takes the key.</summary>
    private Task KeyAsync(KeyboardEventArgs key)
    {
        if (key.Key is "Escape" or "Tab" or "ArrowUp" or "ArrowDown" || _pending is not { } chosen)
            Discard();
        else if (_isOpen && key.Key is ("Enter" or "NumpadEnter"))
            return CommitAsync(chosen);
        return Task.CompletedTask;
    }

    private Task CommitAsync(string chosen)
    {
        _pending = null;
        return chosen == Value ? Task.CompletedTask : Changed.InvokeAsync(chosen);
    }

    private void Discard() => _pending = null;
}
