using LmPlayground.Generation.Steps;
using LmPlayground.Sampling;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Generation.Search;

/// <summary>
/// The scores of one beam's next tokens: log-softmax of the logits in float32, then the chain's stages over those, as transformers'
/// <c>_beam_search</c> calls its processors. The stages' result is not normalised again.
/// </summary>
/// <remarks>Keeps its buffers: not thread-safe.</remarks>
internal sealed class BeamScorer
{
    private readonly LogSoftmax _logSoftmax = new();
    private readonly SamplerChain _chain;
    private readonly bool _isGuided;
    private float[] _scores = [];

    /// <summary>A scorer for the beams of one request.</summary>
    /// <exception cref="SettingException">A stage that is on follows one sequence of draws, which beams do not have.</exception>
    internal BeamScorer(GenerationRequest request)
    {
        _chain = new SamplerChain(request.Sampling, new ModelVocabulary(request.Model, request.Stopping));
        if (_chain.State is not null)
            throw new SettingException("beams.mirostat", $"Mirostat follows what one sequence drew, and beam search draws nothing: turn one of the two off.");
        _isGuided = request.Model is GuidedModel;
    }

    /// <summary>How many tokens the vocabulary has.</summary>
    internal int VocabularySize => _scores.Length;

    /// <summary>Scores the tokens after <paramref name="logits"/>.</summary>
    /// <param name="logits">The model's logits.</param>
    /// <param name="context">The tokens so far.</param>
    /// <param name="penalties">What single tokens lose before the stages run.</param>
    internal void Score(ReadOnlySpan<float> logits, in SamplingContext context, IReadOnlyDictionary<int, double> penalties)
    {
        if (_scores.Length != logits.Length)
            _scores = new float[logits.Length];
        _logSoftmax.Measure(logits);

        // Guided logits are the scores: their sum over a sequence is ln Pc + (g - 1)(ln Pc - ln Pu) of the whole sequence, which a
        // normalisation at each token would spoil. transformers guides in the first processor and does not normalise after it either.
        if (_isGuided)
            logits.CopyTo(_scores);
        else
            _logSoftmax.Write(logits, _scores);
        LogShift = _logSoftmax.LogSum;
        foreach (var (id, penalty) in penalties)
            _scores[id] = (float)(_scores[id] - penalty);
        _chain.Run(_scores, context, trace: false);
    }

    /// <summary>ln of the sum of e^logit of the last call: a logit less this is a log-probability.</summary>
    internal double LogShift { get; private set; }

    /// <summary>A token's score after the stages; -infinity for one that they removed.</summary>
    internal double this[int id] => _chain.Candidates.Contains(id) ? _chain.Candidates.Logit(id) : double.NegativeInfinity;
}
