using LmPlayground.Generation.Engine;

namespace LmPlayground.Generation.Masking;

/// <summary>Room for the logits of every place of a text at once, borrowed from the memory of logits as long as it is not disposed.</summary>
/// <remarks>A masked model gives them all in one pass, whichever of them is asked for: a long text over a large vocabulary takes gigabytes.</remarks>
internal sealed class TextLogits : IDisposable
{
    private readonly MaskedRequest _request;
    private readonly IDisposable _loan;
    private readonly float[] _values;

    /// <exception cref="PromptException">The text is too long for the memory.</exception>
    internal TextLogits(MaskedRequest request, RunLogits memory)
    {
        _request = request;
        var count = (long)request.Text.Tokens.Length * VocabularySize;
        _loan = (count <= Array.MaxLength ? memory.Borrow(count * sizeof(float)) : null) ?? throw new PromptException("masked.no_memory", $"The text has {request.Text.Tokens.Length:N0} tokens, whose logits in {request.Model.Card.Name} take {count * sizeof(float) / 1e6:N1} MB at once: more than the server has for logits now (Generation:KeptLogitsBytes). Shorten the text, or try again when others have ended.");
        try
        {
            _values = new float[count];
        }
        catch
        {
            _loan.Dispose();
            throw;
        }
    }

    private int VocabularySize => _request.Model.Card.VocabularySize;

    /// <summary>The logits of one place, of the last prediction.</summary>
    internal Span<float> this[int position] => _values.AsSpan(position * VocabularySize, VocabularySize);

    /// <summary>Asks the run's model, or another instance of it.</summary>
    internal void Predict(int[] tokens, CancellationToken cancellationToken, Models.IMaskedModel? model = null) =>
        (model ?? _request.Model).Predict(tokens, _values, cancellationToken);

    public void Dispose() => _loan.Dispose();
}
