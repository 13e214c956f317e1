using LmPlayground.Demos;
using LmPlayground.Generation;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Planning;
using LmPlayground.Runs.Settings.Formats;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Configuration;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Hosting;

// Every option is checked when the server starts, and every fault is listed at once.

/// <summary>Checks <see cref="PlanningOptions"/>.</summary>
internal sealed class PlanningOptionsValidation : IValidateOptions<PlanningOptions>
{
    public ValidateOptionsResult Validate(string? name, PlanningOptions options)
    {
        var faults = new FaultList(JobOptions.Section);
        faults.Range(nameof(options.TopCandidates), options.TopCandidates, 1, 1000);
        faults.Range(nameof(options.MaxNewTokens), options.MaxNewTokens, 1, (int)LengthRule.MaxNewTokens.Maximum);
        return faults.Result;
    }
}

/// <summary>Checks <see cref="JobOptions"/>.</summary>
internal sealed class JobOptionsValidation : IValidateOptions<JobOptions>
{
    public ValidateOptionsResult Validate(string? name, JobOptions options)
    {
        var faults = new FaultList(JobOptions.Section);
        faults.Range(nameof(options.MaxConcurrent), options.MaxConcurrent, 1, 256);
        faults.Range(nameof(options.MaxQueued), options.MaxQueued, 0, 10_000);
        faults.Range(nameof(options.MaxQueuedPerClient), options.MaxQueuedPerClient, 0, 10_000);
        faults.Range(nameof(options.MaxRetained), options.MaxRetained, 1, 100_000);
        faults.Range(nameof(options.MemoryLimit), options.MemoryLimit, 1L << 20, 1L << 50);
        faults.Range(nameof(options.PageMemoryLimit), options.PageMemoryLimit, 1L << 20, 1L << 50);
        faults.Range(nameof(options.RetainFor), options.RetainFor, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7));
        faults.Range(nameof(options.AbandonedAfter), options.AbandonedAfter, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        return faults.Result;
    }
}

/// <summary>Checks <see cref="LimitOptions"/>.</summary>
internal sealed class LimitOptionsValidation : IValidateOptions<LimitOptions>
{
    public ValidateOptionsResult Validate(string? name, LimitOptions options)
    {
        var faults = new FaultList(LimitOptions.Section);
        faults.Range(nameof(options.OpenPages), options.OpenPages, 1, 1_000_000);
        faults.Range(nameof(options.OpenPagesPerClient), options.OpenPagesPerClient, 1, 1_000_000);
        faults.Range(nameof(options.PageBurstPerClient), options.PageBurstPerClient, 1, 1_000_000);
        faults.Range(nameof(options.DemoBurstPerClient), options.DemoBurstPerClient, 1, 1_000_000);
        faults.Range(nameof(options.ReportBurstPerClient), options.ReportBurstPerClient, 1, 1_000_000);
        return faults.Result;
    }
}

/// <summary>Checks <see cref="DemoOptions"/>.</summary>
internal sealed class DemoOptionsValidation : IValidateOptions<DemoOptions>
{
    public ValidateOptionsResult Validate(string? name, DemoOptions options)
    {
        var faults = new FaultList(DemoOptions.Section);
        faults.Range(nameof(options.CacheMegabytes), options.CacheMegabytes, 1, 10_000);
        if (options.AdminKeySha256 is { Length: > 0 } hash && !Hash256.TryParse(hash, out _))
            faults.Add($"{DemoOptions.Section}:{nameof(options.AdminKeySha256)} is no SHA-256 hash: it needs 64 hexadecimal digits, the hash of the key, and not the key");
        foreach (var origin in options.EmbedAncestors.Where(origin => !IsOrigin(origin)))
            faults.Add($"{DemoOptions.Section}:{nameof(options.EmbedAncestors)} has \"{origin}\", which is no origin such as https://school.example");
        return faults.Result;
    }

    /// <summary>Scheme, host and port alone: it becomes part of a header, where anything else could be another rule.</summary>
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && text == address.GetLeftPart(UriPartial.Authority);
}

/// <summary>Checks <see cref="GenerationOptions"/>.</summary>
internal sealed class GenerationOptionsValidation : IValidateOptions<GenerationOptions>
{
    public ValidateOptionsResult Validate(string? name, GenerationOptions options)
    {
        var faults = new FaultList(GenerationOptions.Section);
        faults.Range(nameof(options.PromptChunk), options.PromptChunk, 1, 4096);
        faults.Range(nameof(options.IdleSequences), options.IdleSequences, 0, 1024);
        faults.Range(nameof(options.EncodedSources), options.EncodedSources, 1, 1024);
        faults.Range(nameof(options.KeptLogitsBytes), options.KeptLogitsBytes, 0, 1L << 40);
        return faults.Result;
    }
}

/// <summary>Checks <see cref="ModelOptions"/>.</summary>
internal sealed class ModelOptionsValidation : IValidateOptions<ModelOptions>
{
    public ValidateOptionsResult Validate(string? name, ModelOptions options)
    {
        var faults = new FaultList(ModelOptions.Section);
        faults.Range(nameof(options.Threads), options.Threads, 0, 1024);
        faults.Range(nameof(options.MemoryLimit), options.MemoryLimit, 0, 1L << 50);
        return faults.Result;
    }
}

/// <summary>Checks <see cref="DownloadOptions"/>.</summary>
internal sealed class DownloadOptionsValidation : IValidateOptions<DownloadOptions>
{
    public ValidateOptionsResult Validate(string? name, DownloadOptions options)
    {
        var faults = new FaultList(DownloadOptions.Section);
        faults.Range(nameof(options.MaxConcurrent), options.MaxConcurrent, 1, 16);
        faults.Range(nameof(options.MaxBytes), options.MaxBytes, 1L << 20, 1L << 50);
        faults.Range(nameof(options.Silence), options.Silence, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        faults.Range(nameof(options.AnswerTime), options.AnswerTime, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        faults.Range(nameof(options.Tries), options.Tries, 1, 20);
        return faults.Result;
    }
}

/// <summary>Checks <see cref="DataOptions"/>.</summary>
internal sealed class DataOptionsValidation : IValidateOptions<DataOptions>
{
    public ValidateOptionsResult Validate(string? name, DataOptions options)
    {
        var faults = new FaultList(DataOptions.Section);
        if (options.EffectiveDirectory is not { } directory)
            faults.Add($"{DataOptions.Section}:{nameof(options.Directory)} is not set, and the system names no folder for application data: set it");
        else if (DataFolder.FindFault(directory) is { } fault)
            faults.Add($"nothing can be written to the data folder {directory} ({fault.TrimEnd('.')}): set {DataOptions.Section}:{nameof(options.Directory)} to another");
        return faults.Result;
    }
}

/// <summary>Checks <see cref="ProxyOptions"/>.</summary>
internal sealed class ProxyOptionsValidation : IValidateOptions<ProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, ProxyOptions options)
    {
        var faults = new FaultList(ProxyOptions.Section);
        faults.Range(nameof(options.ForwardLimit), options.ForwardLimit, 1, 100);
        foreach (var proxy in options.KnownProxies.Where(proxy => !System.Net.IPAddress.TryParse(proxy, out _)))
            faults.Add($"{ProxyOptions.Section}:{nameof(options.KnownProxies)} has '{Quoted.Text(proxy)}', which is no IP address");
        foreach (var network in options.KnownNetworks.Where(network => !System.Net.IPNetwork.TryParse(network, out _)))
            faults.Add($"{ProxyOptions.Section}:{nameof(options.KnownNetworks)} has '{Quoted.Text(network)}', which is no network such as 10.0.0.0/8");
        return faults.Result;
    }
}

/// <summary>The faults of one section.</summary>
internal sealed class FaultList(string section)
{
    private readonly List<string> _faults = [];

    internal ValidateOptionsResult Result => _faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_faults);

    internal void Add(string fault) => _faults.Add(fault);

    internal void Range<T>(string name, T value, T least, T greatest)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(greatest) > 0)
            Add(FormattableString.Invariant($"{section}:{name} is {value}; it must be from {least} to {greatest}"));
    }
}
