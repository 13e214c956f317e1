using System.Globalization;
using LmPlayground.Models;
using LmPlayground.Models.Catalog;
using LmPlayground.Web.Formatting;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Controls;

/// <summary>A model of the server with what is known of it, its state, and the one thing to do with it.</summary>
public sealed partial class ModelRow
{
    /// <summary>The model.</summary>
    [Parameter, EditorRequired]
    public ModelEntry Entry { get; set; } = null!;

    /// <summary>What went wrong with what was asked for last, or null.</summary>
    [Parameter]
    public string? Error { get; set; }

    /// <summary>Whether nothing can be pressed yet.</summary>
    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>Read it into memory.</summary>
    [Parameter]
    public EventCallback Load { get; set; }

    /// <summary>Take it out of memory.</summary>
    [Parameter]
    public EventCallback Unload { get; set; }

    private string State => Entry.State switch
    {
        ModelState.Ready => Entry.MemoryInBytes > 0 ? $"ready, {Sizes.Text(Entry.MemoryInBytes)} in memory" : "ready",
        ModelState.Loading => string.Create(CultureInfo.InvariantCulture, $"loading {Math.Floor(Entry.Progress * 100):0} %"),
        ModelState.Failed => "failed",
        _ => "on disk",
    };

    private string Kind => Entry.Card?.Kind switch
    {
        ModelKind.ConcatCacheDecoder or ModelKind.SharedCacheDecoder => "Transformer, " + Entry.Card.Architecture,
        ModelKind.Recurrent => "recurrent",
        ModelKind.FeedForward => "feed-forward",
        ModelKind.NGram => "n-gram",
        ModelKind.EncoderDecoder => "encoder-decoder, " + Entry.Card.Architecture,
        ModelKind.Masked => "masked, " + Entry.Card.Architecture,
        _ => "–",
    };

    private string Context => Entry.Card switch
    {
        null => "–",
        { ContextLength: { } length } => string.Create(CultureInfo.InvariantCulture, $"{length:N0} tokens"),
        _ => "no limit",
    };
}
