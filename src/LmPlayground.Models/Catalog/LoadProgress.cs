namespace LmPlayground.Models.Catalog;

/// <summary>Passes on a share of 0 to 1 as often as it grows by a hundredth.</summary>
/// <remarks>Thread-safe. It never says that all is done: only the end of the work does.</remarks>
internal sealed class LoadProgress(Action<double> changed) : IProgress<double>
{
    private const int Steps = 100;

    private readonly Lock _lock = new();
    private int _told;

    public void Report(double value)
    {
        lock (_lock)
        {
            var step = Math.Min((int)(value * Steps), Steps - 1);
            if (step <= _told)
                return;
            _told = step;
            changed((double)step / Steps);
        }
    }
}
