using System.Collections.Immutable;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Metrics;
namespace LmPlayground.Generation.Comparison;

/// <summary>One request of a comparison and what has become of it so far.</summary>
/// <remarks>The properties may be read from any thread while the comparison runs.</remarks>
public sealed class ComparisonColumn
{
    // Volatile and in this order: who sees that it has ended sees all of its steps.
    private volatile ImmutableList<TokenStep> _steps = [];
    private volatile GenerationSummary? _summary;
    private volatile Exception? _error;

    internal ComparisonColumn(int index, GenerationRequest request, RunLogits logits)
    {
        Index = index;
        Request = request;
        Logits = logits;
    }

    /// <summary>Its place, from 0.</summary>
    public int Index { get; }

    /// <summary>What was asked for.</summary>
    public GenerationRequest Request { get; }

    /// <summary>Its tokens so far: the same, bit for bit, as those of a run of its own. A snapshot.</summary>
    public ImmutableList<TokenStep> Steps => _steps;

    /// <summary>What is known of it once it has ended, also when the comparison was cancelled; null before, and where it failed. The times are those of the comparison.</summary>
    public GenerationSummary? Summary
    {
        get => _summary;
        internal set => _summary = value;
    }

    /// <summary>
    /// Why it failed, or null: what a run of its own would have thrown (<see cref="PromptException"/>, <see cref="Tokenizers.ModelRunException"/>,
    /// <see cref="Sampling.Candidates.InvalidLogitsException"/>, <see cref="Sampling.Parameters.SettingException"/>). The other columns go on.
    /// </summary>
    public Exception? Error
    {
        get => _error;
        internal set => _error = value;
    }

    /// <summary>What it has so far, for <see cref="RunMetrics"/>.</summary>
    public MeasuredRun Measured => new(Request.Model, Steps);

    internal RunLogits Logits { get; }

    internal bool HasEnded => Summary is not null || Error is not null;

    internal void Add(TokenStep step) => _steps = _steps.Add(step);
}
