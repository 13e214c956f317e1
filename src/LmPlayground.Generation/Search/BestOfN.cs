using LmPlayground.Generation.Engine;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Generation.Search;

/// <summary>
/// Best-of-n: n samples, of which those of the highest mean log-probability under the model are returned.
/// </summary>
/// <remarks>
/// Sample i (from 0) is, token by token and bit by bit, the run of <see cref="GenerationEngine"/> with the request's seed + i. While samples
/// agree they are one sequence and the model runs once for all of them; they are forked where their draws part.
/// </remarks>
public sealed class BestOfN : SearchRun
{
    /// <summary>Prepares the samples; enumerating it draws them.</summary>
    /// <param name="engine">Lends the prompt's sequence.</param>
    /// <param name="request">Prompt, model, strategy and stops.</param>
    /// <param name="options">The settings of the search.</param>
    /// <exception cref="SettingException">An option is out of range; the message names it.</exception>
    public BestOfN(GenerationEngine engine, GenerationRequest request, BestOfOptions options)
        : base(engine, request)
    {
        options.Validate();
        Options = options;
    }

    /// <summary>The settings.</summary>
    public BestOfOptions Options { get; }

    private protected override IStepLoop<BeamStep> Open() => new BestOfLoop(this);
}
