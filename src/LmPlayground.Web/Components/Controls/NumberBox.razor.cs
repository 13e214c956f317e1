using LmPlayground.Runs.Settings;
using LmPlayground.Web.Texts;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Controls;

/// <summary>
/// The page's one number control: always shows the number that is in use, and says beside itself, until that is mended, what it could not
/// take of what was typed. Emptied, it goes back to what it is without a choice.
/// </summary>
/// <remarks>
/// It is not MudBlazor's MudNumericField, which is 17 elements, or 5 without label and arrows, where this is one. With MudSlider (3 for 1) and
/// MudIconButton (5 for 3) the 26 numbers of the stages would be 200 to 520 elements more, of the 900 that a page of 500 tokens may have. Nor does
/// it go back to the number in use once it has refused one, or read the digits of other scripts.
/// </remarks>
/// <typeparam name="T">The numbers.</typeparam>
public partial class NumberBox<T>
    where T : struct
{
    private string? _notice;

    [Inject]
    private LibraryWords Library { get; set; } = null!;

    /// <summary>The number that is in use once the notice is true, and whether it is already.</summary>
    private (T? Value, bool IsInUse) _noticed;

    /// <summary>The setting, which says what may be typed.</summary>
    [Parameter, EditorRequired]
    public Setting<T> Setting { get; set; } = null!;

    /// <summary>The number that is in use, or null for none.</summary>
    [Parameter, EditorRequired]
    public T? Value { get; set; }

    /// <summary>The number as it is shown, where that is not its shortest text, or where there is none.</summary>
    [Parameter]
    public string? Text { get; set; }

    /// <summary>The element's id, or null.</summary>
    [Parameter]
    public string? Id { get; set; }

    /// <summary>What the number is.</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>What it does, where that is not said beside it.</summary>
    [Parameter]
    public string? Help { get; set; }

    /// <summary>The name that tests know it by.</summary>
    [Parameter, EditorRequired]
    public string TestId { get; set; } = "";

    /// <summary>The step of the arrow keys, or null where they do nothing.</summary>
    [Parameter]
    public string? Step { get; set; } = "1";

    /// <summary>The least number that the arrow keys reach.</summary>
    [Parameter]
    public string? Minimum { get; set; }

    /// <summary>The greatest number that the arrow keys reach.</summary>
    [Parameter]
    public string? Maximum { get; set; }

    /// <summary>Whether there is room for twenty digits.</summary>
    [Parameter]
    public bool IsWide { get; set; }

    /// <summary>Whether nothing can be typed yet.</summary>
    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>Says why a number that the setting takes cannot be used all the same, or null.</summary>
    [Parameter]
    public Func<T, string?>? Check { get; set; }

    /// <summary>Another number, in range.</summary>
    [Parameter]
    public EventCallback<T> Changed { get; set; }

    /// <summary>The box was emptied: the number is to be what it is where nothing was chosen.</summary>
    [Parameter]
    public EventCallback Emptied { get; set; }

    private string Shown => Text ?? (Value is { } value ? Setting.TextOf(value) : "");

    private string NoticeId => $"{Id ?? TestId}-notice";

    // The whole keyboard only where a number may be below 0: the pads of digits have no minus.
    private string Keys => Minimum is ['-', ..] || Minimum is null ? "text" : "decimal";

    /// <summary>A notice goes once the number that it is about is no longer the one in use.</summary>
    protected override void OnParametersSet()
    {
        if (_notice is null)
            return;
        if (Nullable.Equals(Value, _noticed.Value))
            _noticed.IsInUse = true;
        else if (_noticed.IsInUse)
            _notice = null;
    }

    private async Task TypedAsync(string? typed)
    {
        _notice = null;
        if (string.IsNullOrWhiteSpace(typed))
        {
            await Emptied.InvokeAsync();
            return;
        }

        var isRead = Setting.TryRead(typed, out var value, out var message);
        var notice = message is null ? null : Library.Of(message);
        if (isRead && Check?.Invoke(value) is { } problem)
            (isRead, notice) = (false, problem);
        _notice = notice;
        _noticed = isRead ? (value, false) : (Value, true);
        if (isRead)
            await Changed.InvokeAsync(value);
        else if (notice is null)
            await Emptied.InvokeAsync();
    }
}
