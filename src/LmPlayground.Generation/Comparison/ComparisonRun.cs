using System.Collections.Immutable;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Inspection;
using LmPlayground.Generation.Metrics;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Generation.Comparison;

/// <summary>
/// A comparison: enumerate it to generate all columns side by side until each has ended. Its columns, their logits and what follows from them
/// can be asked for as long as it is not disposed.
/// </summary>
/// <remarks>
/// <para>Columns of the same model that have read the same tokens share one forward pass a round and one copy of its logits. When their
/// texts part, the session is forked and each group goes on alone; groups never join again. Each column's steps are those of a lone
/// <see cref="GenerationEngine.Generate"/> of its request, bit for bit. A column that fails says why and leaves the others alone. Where the
/// comparison is cancelled the columns' summaries are there all the same, and a column may have a token of the round that was not finished.</para>
/// <para>One caller enumerates; everything else may be called from any thread meanwhile.</para>
/// </remarks>
public sealed class ComparisonRun : SteppedRun<ComparisonRound>, IDisposable
{
    /// <summary>Prepares the comparison; enumerating it generates all columns.</summary>
    /// <param name="engine">Lends sequences and keeps the logits of all columns.</param>
    /// <param name="request">What is compared.</param>
    /// <exception cref="SettingException">Too few columns or too many.</exception>
    public ComparisonRun(GenerationEngine engine, ComparisonRequest request)
    {
        request.Validate();
        Engine = engine;
        Request = request;
        Columns = [.. request.Columns.Select((column, index) => new ComparisonColumn(index, column, engine.KeepLogits()))];
    }

    /// <summary>What was asked for.</summary>
    public ComparisonRequest Request { get; }

    /// <summary>The columns, from left to right.</summary>
    public ImmutableArray<ComparisonColumn> Columns { get; }

    /// <summary>How much of all prompts has been read: 0 to 1.</summary>
    public double PromptProgress { get; internal set; }

    /// <summary>How many generated tokens the models read, in one run or in several: one a round for each group of columns that agree.</summary>
    public int ForwardPasses { get; internal set; }

    /// <summary>How many times a sequence's state was copied because texts parted.</summary>
    public int Forks { get; internal set; }

    internal GenerationEngine Engine { get; }

    /// <summary>The least <see cref="DifferenceOf"/> of any two columns; null while none has parted from another.</summary>
    public int? FirstDifference
    {
        get
        {
            int? first = null;
            for (var left = 0; left < Columns.Length; left++)
            {
                for (var right = 0; right < Columns.Length; right++)
                {
                    if (left != right && DifferenceOf(left, right) is { } index && (first is null || index < first))
                        first = index;
                }
            }

            return first;
        }
    }

    /// <summary>
    /// The index of the first token of column <paramref name="left"/> at which it parts from column <paramref name="right"/>: another token
    /// stands there, or only one of the two has ended. Null while they agree. Columns with different vocabularies are compared by their texts: it
    /// is the first token of the left one that is not wholly within the beginning that both texts share.
    /// </summary>
    /// <remarks>It may be one after the left column's last token, where that one has ended and the other goes on.</remarks>
    public int? DifferenceOf(int left, int right) => ColumnDifference.Of(Columns[left], Columns[right]);

    /// <summary>Another look at a column from its kept logits: other settings, whole distributions, an empirical check.</summary>
    public RunReview Review(int column)
    {
        var of = Columns[column];
        return new RunReview(Engine, of.Request, of.Logits, of.Steps);
    }

    /// <summary>How far the distributions of two columns are apart at a step; null where they have different vocabularies or one has no such step.</summary>
    /// <param name="left">One column: p of the distances.</param>
    /// <param name="right">The other: q.</param>
    /// <param name="index">The step, from 0.</param>
    /// <param name="cancellationToken">Stops a model that must run again for logits that were let go.</param>
    public ColumnDistance? Distance(int left, int right, int index, CancellationToken cancellationToken = default) =>
        Distance(Review(left), left, Review(right), right, index, cancellationToken);

    /// <summary>The same with reviews of the columns whose models may be other instances than the comparison's.</summary>
    /// <param name="leftReview">The review of the one column.</param>
    /// <param name="left">One column: p of the distances.</param>
    /// <param name="rightReview">The review of the other.</param>
    /// <param name="right">The other: q.</param>
    /// <param name="index">The step, from 0.</param>
    /// <param name="cancellationToken">Stops a model that must run again for logits that were let go.</param>
    public ColumnDistance? Distance(RunReview leftReview, int left, RunReview rightReview, int right, int index, CancellationToken cancellationToken = default)
    {
        var (one, other) = (Columns[left], Columns[right]);
        if (index >= one.Steps.Count || index >= other.Steps.Count || !SharedVocabulary.IsOf(one.Request.Model, other.Request.Model))
            return null;
        var p = leftReview.Distribution(index, null, cancellationToken);
        var q = rightReview.Distribution(index, null, cancellationToken);
        return new ColumnDistance(left, right, index)
        {
            HaveSameTokensBefore = TokensBefore(one, index).SequenceEqual(TokensBefore(other, index)),
            Model = DistributionDistance.Between(p.Model.AsSpan(), q.Model.AsSpan()),
            Sampled = DistributionDistance.Between(p.Sampled.AsSpan(), q.Sampled.AsSpan()),
        };
    }

    /// <summary>Lets the logits of all columns go.</summary>
    public void Dispose()
    {
        foreach (var column in Columns)
            column.Logits.Dispose();
    }

    private protected override IStepLoop<ComparisonRound> Open() => new ComparisonLoop(this);

    private static IEnumerable<int> TokensBefore(ComparisonColumn column, int index) =>
        [.. column.Request.PromptIds, .. column.Request.ContinuedIds, .. column.Steps.Take(index).Select(step => step.Id)];
}
