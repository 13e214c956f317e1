using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Controls;

/// <summary>Values as chips, and a field that adds one.</summary>
/// <remarks>
/// MudBlazor's MudChip is 8 elements where this is 5, and no Tab reaches its cross (tabindex -1): only Delete on the chip removes it, which nothing says.
/// </remarks>
public partial class ChipList
{
    private string _typed = "";
    private string? _error;

    /// <summary>The values, none of them twice.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<string> Items { get; set; } = [];

    /// <summary>What one value is: "string".</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>What can be typed.</summary>
    [Parameter]
    public string? Help { get; set; }

    /// <summary>The name that tests know the field by.</summary>
    [Parameter]
    public string? TestId { get; set; }

    /// <summary>Whether nothing can be changed yet.</summary>
    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>Takes what was typed; gives what is wrong with it, or null.</summary>
    [Parameter, EditorRequired]
    public Func<string, Task<string?>> Add { get; set; } = null!;

    /// <summary>A value to remove.</summary>
    [Parameter]
    public EventCallback<string> Removed { get; set; }

    private async Task AddAsync(string? typed)
    {
        _typed = typed ?? "";
        _error = null;
        if (_typed.Length == 0)
            return;
        _error = await Add(_typed);
        if (_error is null)
            _typed = "";
    }
}
