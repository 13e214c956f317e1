using System.Globalization;
using LmPlayground.Models.Catalog;
using LmPlayground.Web.Formatting;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Layout;

/// <summary>The models that can be used, with what is known of them, and those that cannot, with the reason.</summary>
public partial class ModelPicker
{
    private const int MostOffered = 100;

    /// <summary>The models.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<ModelEntry> Entries { get; set; } = [];

    /// <summary>The model in use.</summary>
    [Parameter, EditorRequired]
    public ModelEntry? Current { get; set; }

    /// <summary>Whether nothing can be picked yet.</summary>
    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>Another model's id.</summary>
    [Parameter]
    public EventCallback<string> Picked { get; set; }

    /// <summary>The first ones, and the one in use wherever it is; the page of models has them all.</summary>
    private IEnumerable<ModelEntry> Offered => Entries.Where((entry, index) => index < MostOffered || entry.Id == Current?.Id);

    private string AllModels => Words["AllModels", Entries.Count.ToString("N0", CultureInfo.InvariantCulture)];

    private static string Facts(ModelEntry entry)
    {
        if (entry.State == ModelState.Failed)
            return "cannot be used";
        if (entry.Card is not { } card)
            return entry.State == ModelState.Loading ? "loading" : string.Create(CultureInfo.InvariantCulture, $"{entry.SizeInBytes / 1e6:0.#} MB");
        string?[] facts = [card.ParameterCount is null ? null : ModelText.Weights(card), card.ContextLength is null && card.Window is null ? null : ModelText.Context(card)];
        return string.Join(" · ", facts.OfType<string>());
    }
}
