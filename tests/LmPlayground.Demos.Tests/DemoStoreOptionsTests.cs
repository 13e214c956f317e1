namespace LmPlayground.Demos.Tests;

public class DemoStoreOptionsTests
{
    [Fact]
    public void The_defaults_are_1_7_and_30_days_and_never_for_ever()
    {
        var options = new DemoStoreOptions();
        Assert.Equal([1, 7, 30], options.EffectiveAllowedDays);
        Assert.False(options.AllowForever);
        Assert.True(new DemoStoreOptionsValidation().Validate(null, options).Succeeded);
    }

    [Fact]
    public void Every_fault_is_listed_at_once_and_names_its_option()
    {
        var options = new DemoStoreOptions
        {
            MaxDocumentBytes = 0,
            MaxPerOwner = 0,
            MaxTotalBytes = 1,
            DefaultDays = 2,
            SweepInterval = TimeSpan.Zero,
            AllowedDays = { 0 },
        };
        var faults = new DemoStoreOptionsValidation().Validate(null, options).Failures!.ToList();
        Assert.All(
            ["MaxDocumentBytes is 0", "MaxPerOwner is 0", "MaxTotalBytes is 1", "DefaultDays is 2", "SweepInterval is 00:00:00", "AllowedDays is 0"],
            fault => Assert.Contains(faults, line => line.StartsWith($"Demos:{fault}; it must be ", StringComparison.Ordinal)));
        Assert.Equal(6, faults.Count);
    }
}
