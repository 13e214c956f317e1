namespace LmPlayground.Web.Components.Layout;

/// <summary>Stands around every page: one that throws takes neither the header nor the circuit with it, and can be shown again.</summary>
public partial class PageBoundary
{
    /// <summary>Another page, or another address of the same, is shown whatever became of the last.</summary>
    protected override void OnParametersSet() => Recover();

    /// <inheritdoc/>
    protected override async Task OnErrorAsync(Exception exception)
    {
        var logging = base.OnErrorAsync(exception);

        // The renderer empties a boundary at each exception. With two of them in one batch nothing follows the second emptying
        // (dotnet/aspnetcore#56950): the message is rendered once more when the batch is done.
        await Task.Yield();
        StateHasChanged();
        await logging;
    }
}
