using LmPlayground.Sharing.Document;

namespace LmPlayground.Web.Components.Viewing;

/// <summary>A masked text in its order: what was asked for in its places, and between them what was given.</summary>
internal static class MaskedPieces
{
    /// <summary>The pieces: a step by its index, or -1 and a text that was given.</summary>
    internal static IEnumerable<(int Step, string Given)> Of(DemoRunView run, DemoMaskedText masked)
    {
        var steps = new Dictionary<int, int>();
        for (var i = 0; i < run.Steps.Length; i++)
            steps[run.Steps[i].Position] = i;
        var end = 0;
        for (var place = 0; place < masked.Ids.Length; place++)
        {
            var (start, length) = (Math.Clamp(masked.Starts[place], 0, masked.Text.Length), masked.Lengths[place]);
            var until = Math.Clamp(start + length, start, masked.Text.Length);
            if (start > end)
                yield return (-1, Unmasked.Of(masked.Text[end..start]));
            if (steps.TryGetValue(place, out var step))
                yield return (step, "");
            else if (until > start)
                yield return (-1, Unmasked.Of(masked.Text[start..until]));
            end = Math.Max(end, until);
        }

        if (end < masked.Text.Length)
            yield return (-1, Unmasked.Of(masked.Text[end..]));
    }
}
