using LmPlayground.Generation.PrefixCache;

namespace LmPlayground.Generation.Branching;

/// <summary>
/// Best-of-n: n samples, of which those of the highest mean log-probability under the model are returned.
/// </summary>
/// <remarks>
/// Sample i (from 0) is, token by token and bit by bit, the run of <see cref="GenerationEngine"/> with the request's seed + i. While samples
/// agree they are one sequence and the model runs once for all of them; they are forked where their draws part.
/// </remarks>
public sealed class BestOfN : BranchingRun
{
    private readonly SequenceCache _sequences;
    private readonly GenerationOptions _generation;
    private readonly TimeProvider _time;

    internal BestOfN(GenerationRequest request, BestOfOptions options, SequenceCache sequences, GenerationOptions generation, TimeProvider time)
        : base(request)
    {
        options.Validate();
        Options = options;
        _sequences = sequences;
        _generation = generation;
        _time = time;
    }

    /// <summary>The settings.</summary>
    public BestOfOptions Options { get; }

    private protected override IBranchingLoop Start() => new BestOfLoop(this, _sequences, _generation, _time);
}
