using System.Globalization;
using LmPlayground.Runs.Settings;
using LmPlayground.Sampling.Parameters;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Controls;

/// <summary>The control of one parameter, made from its declaration: a slider, a box for any value in range, and a reset.</summary>
public partial class ParameterControl
{
    /// <summary>The declaration.</summary>
    [Parameter, EditorRequired]
    public NumberParameter Parameter { get; set; } = null!;

    /// <summary>The value in use.</summary>
    [Parameter, EditorRequired]
    public double Value { get; set; }

    /// <summary>The value that the model's makers recommend.</summary>
    [Parameter, EditorRequired]
    public double ModelValue { get; set; }

    /// <summary>Whether nothing can be changed yet.</summary>
    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>Another value, in range.</summary>
    [Parameter]
    public EventCallback<double> Changed { get; set; }

    private bool IsNeutral => Value.Equals(Parameter.Default);

    private double Fill => (Math.Min(Value, Parameter.SliderMaximum) - Parameter.Minimum) / (Parameter.SliderMaximum - Parameter.Minimum);

    private static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private Task DraggedAsync(ChangeEventArgs change) =>
        StageSettings.Of(Parameter).TryRead(change.Value as string ?? "", out var value, out _) ? Changed.InvokeAsync(value) : Task.CompletedTask;
}
