using LmPlayground.Runs.Settings.Formats;
using LmPlayground.Sampling.Parameters;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Controls;

/// <summary>A list of texts that a stage takes, as chips.</summary>
public partial class StageTextList
{
    /// <summary>The list's declaration.</summary>
    [Parameter, EditorRequired]
    public TextListParameter Texts { get; set; } = null!;

    /// <summary>Its entries.</summary>
    [Parameter, EditorRequired]
    public ValueList<string> Entries { get; set; } = [];

    /// <summary>Whether nothing can be changed yet.</summary>
    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>The new entries.</summary>
    [Parameter]
    public EventCallback<ValueList<string>> Changed { get; set; }

    private string Help => Texts.Example.Length == 0 ? Library.Help(Texts) : Words["HelpWithExample", Library.Help(Texts), EscapedText.Escape(Texts.Example)];

    private async Task<string?> AddAsync(string typed)
    {
        if (!EscapedText.TryUnescape(typed, out var entry, out var error))
            return error;
        if (Texts.Problem(entry) is { } problem)
            return problem;
        if (!Entries.Contains(entry))
            await Changed.InvokeAsync([.. Entries, entry]);
        return null;
    }

    private Task RemoveAsync(string gone) => Changed.InvokeAsync([.. Entries.Where(entry => entry != gone)]);
}
