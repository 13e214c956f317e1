namespace LmPlayground.Generation.Masking;

/// <summary>What model and sampler see before a step of a run.</summary>
internal static class MaskedContext
{
    /// <summary>The ids that the model is given before the step that follows <paramref name="earlier"/>.</summary>
    /// <param name="request">The run.</param>
    /// <param name="earlier">Its steps so far.</param>
    /// <param name="position">The index of the token that is asked for.</param>
    internal static int[] Tokens(MaskedRequest request, IEnumerable<TokenStep> earlier, int position)
    {
        int[] tokens = [.. request.Text.Ids];
        if (request.Task == MaskedTask.Score)
            tokens[position] = request.Model.MaskId;
        if (request.Task == MaskedTask.Fill)
        {
            foreach (var step in earlier)
                tokens[step.Position] = step.Id;
        }

        return tokens;
    }

    /// <summary>
    /// The whole text around a place as a history that ends before it: what follows the place, then what precedes it. Stages that count
    /// tokens see all of them; stages that look at the last ones see those that stand before the place.
    /// </summary>
    internal static int[] History(int[] tokens, int position) => [.. tokens.AsSpan(position + 1), .. tokens.AsSpan(0, position)];
}
