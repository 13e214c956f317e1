using System.Collections.Immutable;

namespace LmPlayground.Sampling.Stages;

/// <summary>
/// The declaration of one stage of the chain: its name, its parameters, and how the options make a processor of it.
/// Adding a stage is one subclass and one line in <see cref="SamplingStages"/>.
/// </summary>
public abstract class SamplingStage
{
    /// <summary>Its name in the order of stages, in traces and in JSON: "top_p".</summary>
    public abstract string Name { get; }

    /// <summary>Its name for people: "Top-p".</summary>
    public abstract string Label { get; }

    /// <summary>The numbers it takes; the first one is its main control.</summary>
    public abstract ImmutableArray<StageParameter> Parameters { get; }

    /// <summary>The processor for these options, or null where the stage is off.</summary>
    public abstract ILogitsProcessor? Create(SamplingOptions options);
}
