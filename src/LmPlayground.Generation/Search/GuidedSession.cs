using LmPlayground.Generation.Steps;
using LmPlayground.Models;

namespace LmPlayground.Generation.Search;

/// <summary>Two sequences that get the same generated tokens after different prompts, seen as one.</summary>
internal sealed class GuidedSession(GuidedModel model, IDecoderSession conditional, IDecoderSession unconditional) : IDecoderSession
{
    private readonly LogSoftmax _c = new();
    private readonly LogSoftmax _u = new();
    private float[] _guided = [];
    private float[] _afterNegative = [];

    /// <inheritdoc/>
    public int Length => conditional.Length;

    /// <inheritdoc/>
    public int ContextLength => conditional.ContextLength == int.MaxValue
        ? int.MaxValue
        : conditional.ContextLength - Math.Max(0, model.NegativeIds.Length - model.PromptLength);

    /// <inheritdoc/>
    public Logits Forward(ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default)
    {
        if (tokens.Length > ContextLength - Length)
            throw new ArgumentException($"{tokens.Length} tokens after {Length} do not fit into the context of {ContextLength}.", nameof(tokens));
        var start = Length;
        var logits = conditional.Forward(tokens, cancellationToken);
        try
        {
            return start + tokens.Length < model.PromptLength ? logits : Guide(logits, start, tokens, cancellationToken);
        }
        catch
        {
            // The second sequence is as it was, or at the end of the negative prompt, where it would have got anyway.
            conditional.RewindTo(start);
            throw;
        }
    }

    /// <inheritdoc/>
    public int NearestRewind(int length)
    {
        var nearest = conditional.NearestRewind(length);
        while (nearest > model.PromptLength && !CanRewindBoth(nearest))
            nearest = conditional.NearestRewind(nearest - 1);
        return nearest;
    }

    /// <inheritdoc/>
    public void RewindTo(int length)
    {
        if (length is >= 0 && length <= Length && NearestRewind(length) is var nearest && nearest != length)
            throw new ArgumentException($"The state after {length} tokens was not kept; the nearest earlier one is after {nearest}.", nameof(length));
        conditional.RewindTo(length);
        var negative = model.NegativeIds.Length;
        var target = negative + Math.Max(0, length - model.PromptLength);
        if (target >= unconditional.Length)
            return;

        // The negative prompt is read in one piece or not at all, so that it gives the same bits each time.
        unconditional.RewindTo(unconditional.NearestRewind(target) == target ? target : 0);
    }

    /// <inheritdoc/>
    public IDecoderSession Fork()
    {
        var c = conditional.Fork();
        try
        {
            return new GuidedSession(model, c, unconditional.Fork()) { _afterNegative = _afterNegative };
        }
        catch
        {
            c.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        conditional.Dispose();
        unconditional.Dispose();
    }

    private bool CanRewindBoth(int length)
    {
        var target = model.NegativeIds.Length + length - model.PromptLength;
        return unconditional.NearestRewind(target) == target;
    }

    /// <summary>Brings the second sequence to the same place and mixes the rows from the prompt's last one on.</summary>
    private Logits Guide(Logits c, int start, ReadOnlySpan<int> tokens, CancellationToken cancellationToken)
    {
        ReadNegative(cancellationToken);
        var beyond = tokens[Math.Clamp(model.PromptLength - start, 0, tokens.Length)..];
        var size = c.VocabularySize;
        if (_guided.Length != c.Positions * size)
            _guided = new float[c.Positions * size];
        var u = beyond.IsEmpty ? default : unconditional.Forward(beyond, cancellationToken);

        // A model may give one row for many tokens: rows are counted from the end.
        for (var back = 0; back < c.Positions; back++)
        {
            var row = c.Positions - 1 - back;
            var target = _guided.AsSpan(row * size, size);
            if (back < beyond.Length)
                Mix(c[row], u[u.Positions - 1 - back], target);
            else if (back == beyond.Length && start + tokens.Length - back == model.PromptLength)
                Mix(c[row], _afterNegative, target);
            else
                c[row].CopyTo(target);
        }

        return new Logits(_guided, size);
    }

    private void ReadNegative(CancellationToken cancellationToken)
    {
        if (unconditional.Length > 0)
            return;
        _afterNegative = unconditional.Forward(model.NegativeIds.AsSpan(), cancellationToken).Last.ToArray();
    }

    private void Mix(ReadOnlySpan<float> c, ReadOnlySpan<float> u, Span<float> guided)
    {
        _c.Measure(c);
        _u.Measure(u);
        var (cSum, uSum, scale) = (_c.LogSum, _u.LogSum, model.Scale);
        for (var id = 0; id < c.Length; id++)
        {
            var cLog = c[id] - cSum;
            var uLog = u[id] - uSum;

            // What the model itself rules out stays out; where only one side does, there is no difference to scale.
            guided[id] = float.IsFinite(u[id]) && float.IsFinite(c[id]) ? (float)(uLog + scale * (cLog - uLog)) : c[id] - (float)cSum;
        }
    }
}
