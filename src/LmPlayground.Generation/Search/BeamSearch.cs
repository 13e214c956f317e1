using LmPlayground.Generation.Engine;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Generation.Search;

/// <summary>
/// Beam search, and with several groups diverse beam search, as Hugging Face transformers 4.57 does it.
/// </summary>
/// <remarks>
/// <para>A sequence's score is the sum of its tokens' log-probabilities / length^length_penalty. Every step keeps the best
/// (1 + number of end tokens) * beams continuations, at least 2 * beams; those that end and rank among the first as many as beams
/// finish, the best others live on. The request's stages run over the log-softmax, as transformers' processors do, and are not normalised
/// after. transformers leaves temperature and truncation out of a search that does not sample; here every stage that is on runs.</para>
/// <para>Groups take turns within a step. A token that earlier groups took loses <see cref="BeamSearchOptions.DiversityPenalty"/> for each
/// beam that took it, before the stages, and the loss stays in the sum, as in transformers' <c>group_beam_search</c>. Each group ends by
/// the rules of plain beam search; the result is the best of all groups.</para>
/// <para>Every live beam has a session of its own, forked only where beams branch. Chance plays no part, save in stages that draw.</para>
/// </remarks>
public sealed class BeamSearch : SearchRun
{
    /// <summary>Prepares a beam search; enumerating it searches.</summary>
    /// <param name="engine">Lends the prompt's sequence.</param>
    /// <param name="request">Prompt, model, strategy and stops.</param>
    /// <param name="options">The settings of the search.</param>
    /// <exception cref="SettingException">An option is out of range; the message names it.</exception>
    public BeamSearch(GenerationEngine engine, GenerationRequest request, BeamSearchOptions options)
        : base(engine, request)
    {
        options.Validate();
        StopRules.RefuseStreaks(request.Stopping);
        Options = options;
    }

    /// <summary>The settings.</summary>
    public BeamSearchOptions Options { get; }

    private protected override IStepLoop<BeamStep> Open() => new BeamSearchLoop(this);
}
