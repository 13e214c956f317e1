using System.Globalization;
using LmPlayground.Runs.Settings;
using LmPlayground.Runs.Settings.Formats;
using LmPlayground.Sampling.Stopping;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Panels;

/// <summary>When a run ends.</summary>
public partial class StopCriteria
{
    private const int UnlimitedSlider = 2_048;
    private static readonly Setting<double> Length = StopSettings.Of(LengthRule.MaxNewTokens);
    private static readonly int Neutral = new StoppingOptions().MaxNewTokens;

    /// <summary>The criteria.</summary>
    [Parameter, EditorRequired]
    public StoppingOptions Stopping { get; set; } = null!;

    /// <summary>The model's context length, where the slider ends, or null.</summary>
    [Parameter]
    public int? ContextLength { get; set; }

    /// <summary>Whether nothing can be changed yet.</summary>
    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>Other criteria.</summary>
    [Parameter]
    public EventCallback<StoppingOptions> Changed { get; set; }

    private bool _startsOpen;

    private int On => StoppingRules.All.Count(rule => rule.IsAdvanced && rule.IsOn(Stopping));

    private string[] ShownIds => [.. Stopping.StopTokenIds.Select(id => id.ToString(CultureInfo.InvariantCulture))];

    private int SliderMaximum => ContextLength ?? UnlimitedSlider;

    private double Fill => (Stopping.MaxNewTokens - 1.0) / Math.Max(SliderMaximum - 1, 1);

    /// <summary>Criteria that came with the address are shown; later the disclosure is the reader's own.</summary>
    protected override void OnInitialized() => _startsOpen = On > 0;

    private Task CountDraggedAsync(ChangeEventArgs change) =>
        int.TryParse(change.Value as string, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? Changed.InvokeAsync(Stopping with { MaxNewTokens = count })
            : Task.CompletedTask;

    private async Task<string?> AddStringAsync(string typed)
    {
        if (!EscapedText.TryUnescape(typed, out var text, out var error))
            return error;
        if (!Stopping.StopStrings.Contains(text))
            await Changed.InvokeAsync(Stopping with { StopStrings = Stopping.StopStrings.Add(text) });
        return null;
    }

    private Task RemoveStringAsync(string gone) =>
        Changed.InvokeAsync(Stopping with { StopStrings = [.. Stopping.StopStrings.Where(text => text != gone)] });

    private async Task<string?> AddIdAsync(string typed)
    {
        if (!int.TryParse(TypedNumber.Plain(typed, isWhole: true), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return Words["NoTokenId", typed].Value;
        if (!Stopping.StopTokenIds.Contains(id))
            await Changed.InvokeAsync(Stopping with { StopTokenIds = Stopping.StopTokenIds.Add(id) });
        return null;
    }

    private Task RemoveIdAsync(string shown) =>
        Changed.InvokeAsync(Stopping with { StopTokenIds = [.. Stopping.StopTokenIds.Where(id => id.ToString(CultureInfo.InvariantCulture) != shown)] });
}
