using Microsoft.Extensions.Options;

namespace LmPlayground.Demos;

/// <summary>Checks <see cref="DemoStoreOptions"/>, and lists every fault at once.</summary>
public sealed class DemoStoreOptionsValidation : IValidateOptions<DemoStoreOptions>
{
    private const int MostDays = 3660;

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, DemoStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new List<string>();
        Range(nameof(options.MaxDocumentBytes), options.MaxDocumentBytes, 1 << 10, 256 << 20);
        Range(nameof(options.MaxPerOwner), options.MaxPerOwner, 1, 1_000_000);
        Range(nameof(options.MaxTotalBytes), options.MaxTotalBytes, 1L << 20, 1L << 50);
        Range(nameof(options.SweepInterval), options.SweepInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        foreach (var days in options.AllowedDays)
            Range(nameof(options.AllowedDays), days, 1, MostDays);
        if (!options.EffectiveAllowedDays.Contains(options.DefaultDays))
            Add(nameof(options.DefaultDays), options.DefaultDays, $"it must be one of AllowedDays: {string.Join(", ", options.EffectiveAllowedDays)}");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Range<T>(string option, T value, T least, T greatest)
            where T : IComparable<T>
        {
            if (value.CompareTo(least) < 0 || value.CompareTo(greatest) > 0)
                Add(option, value, FormattableString.Invariant($"it must be from {least} to {greatest}"));
        }

        void Add(string option, object value, string rule) =>
            faults.Add(FormattableString.Invariant($"{DemoStoreOptions.Section}:{option} is {value}; {rule}"));
    }
}
