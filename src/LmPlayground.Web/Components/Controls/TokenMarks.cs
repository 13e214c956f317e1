using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Generation.Inspection;
using LmPlayground.Sharing.Inspection;

namespace LmPlayground.Web.Components.Controls;

/// <summary>What other settings would have done to the tokens of one chunk: a bit for each.</summary>
/// <param name="Removed">Those that a stage would have removed.</param>
/// <param name="Redrawn">Those in whose place the same u would have drawn another token.</param>
/// <param name="Unknown">Those of which it is not known: a shared demo does not keep everything.</param>
public readonly record struct TokenMarks(uint Removed, uint Redrawn, uint Unknown = 0)
{
    /// <summary>The marks of the chunk that begins at <paramref name="start"/>, of a demo's tokens.</summary>
    public static TokenMarks Of(Func<int, DemoMark> markOf, int start, int count)
    {
        var marks = default(TokenMarks);
        for (var i = start; i < Math.Min(start + TokenChunk.Size, count); i++)
        {
            var bit = 1u << (i - start);
            marks = markOf(i) switch
            {
                DemoMark.Removed => marks with { Removed = marks.Removed | bit },
                DemoMark.Redrawn => marks with { Redrawn = marks.Redrawn | bit },
                DemoMark.Unknown => marks with { Unknown = marks.Unknown | bit },
                _ => marks,
            };
        }

        return marks;
    }

    /// <summary>The marks of the chunk that begins at <paramref name="start"/>.</summary>
    public static TokenMarks Of(ImmutableArray<StepOutcome> outcomes, IReadOnlyList<TokenStep> steps, int start)
    {
        var (removed, redrawn) = (0u, 0u);
        var end = outcomes.IsEmpty ? start : Math.Min(start + TokenChunk.Size, steps.Count);
        for (var i = start; i < end; i++)
        {
            if (outcomes.OfStep(i) is not { } outcome)
                continue;
            if (outcome.RemovedBy is not null)
                removed |= 1u << (i - start);
            else if (!steps[i].IsForced && outcome.DrawnId != steps[i].Draw.Id)
                redrawn |= 1u << (i - start);
        }

        return new TokenMarks(removed, redrawn);
    }

    /// <summary>Whether the token at this place in the chunk would have been removed.</summary>
    public bool IsRemoved(int place) => (Removed >> place & 1) != 0;

    /// <summary>Whether another token would have been drawn at this place.</summary>
    public bool IsRedrawn(int place) => (Redrawn >> place & 1) != 0;

    /// <summary>Whether it is not known what would have been there.</summary>
    public bool IsUnknown(int place) => (Unknown >> place & 1) != 0;
}
