using System.Globalization;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stopping;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Controls;

/// <summary>One number of a stop criterion, made from its declaration.</summary>
public partial class StopNumber
{
    /// <summary>The declaration.</summary>
    [Parameter, EditorRequired]
    public NumberParameter Parameter { get; set; } = null!;

    /// <summary>The criteria.</summary>
    [Parameter, EditorRequired]
    public StoppingOptions Stopping { get; set; } = null!;

    /// <summary>Whether nothing can be changed yet.</summary>
    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>Other criteria.</summary>
    [Parameter]
    public EventCallback<StoppingOptions> Changed { get; set; }

    private double Value => Stopping[Parameter];

    // A number that refines a criterion does nothing while that is off.
    private bool IsInert => Disabled || (Parameter.Of is { } threshold && !Stopping.Has(threshold));

    private static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private Task SetAsync(double value) => Changed.InvokeAsync(Stopping.With(Parameter, value));
}
