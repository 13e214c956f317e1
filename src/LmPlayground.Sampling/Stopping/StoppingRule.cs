using System.Collections.Immutable;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stopping;

/// <summary>
/// The declaration of one stop criterion: its parameters, the reason it gives, and how the options make an <see cref="IStoppingCriterion"/>
/// of it. Adding a criterion is one subclass and one line in <see cref="StoppingRules"/>: page, command line and address are made from these.
/// </summary>
public abstract class StoppingRule
{
    /// <summary>The reason that it gives.</summary>
    public abstract FinishReason Reason { get; }

    /// <summary>What it takes; the first one turns it on. Empty for a rule that always holds.</summary>
    public virtual ImmutableArray<Parameter> Parameters => [];

    /// <summary>Whether it is for those who know what they look for: a page folds it away.</summary>
    public virtual bool IsAdvanced => false;

    /// <summary>Whether it looks at how sure the model was of a drawn token: a search that draws none refuses it.</summary>
    public virtual bool NeedsDraws => false;

    /// <summary>Whether it holds back while a run has fewer tokens than its minimum: all that looks for an end does, what is a limit does not.</summary>
    public virtual bool WaitsForMinimum => false;

    /// <summary>Whether these options turn it on: unless it is declared otherwise, where its first parameter is not neutral.</summary>
    public virtual bool IsOn(StoppingOptions options) => Parameters is [var main, ..] && options.Has(main);

    /// <summary>The end in words, after "stopped:", with what is known of it.</summary>
    /// <param name="point">An end for this rule's reason.</param>
    /// <param name="quote">How a piece of the model's text is shown.</param>
    public virtual string Explain(StopPoint point, Func<string, string> quote) => Reason.Label;

    /// <summary>The criterion for options that turn the rule on.</summary>
    internal abstract IStoppingCriterion Build(StoppingOptions options, in StoppingEnvironment environment);
}

/// <summary>What a criterion may know of the run that it is made for.</summary>
/// <param name="EndOfSequenceIds">The model's end-of-sequence tokens.</param>
/// <param name="ContextLength">The most tokens that the model's context holds, or null.</param>
/// <param name="Time">The clock.</param>
internal readonly record struct StoppingEnvironment(ImmutableArray<int> EndOfSequenceIds, int? ContextLength, TimeProvider Time);
