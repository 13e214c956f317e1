using System.Globalization;
using System.Text;
using LmPlayground.Tokenizers.Text;

namespace LmPlayground.Tokenizers.Normalizers;

/// <summary>Unicode's normalization forms NFC, NFD, NFKC and NFKD (Unicode Standard Annex 15), with the origin of every character.</summary>
internal sealed class UnicodeNormalizer(NormalizationForm form) : TextNormalizer
{
    // A mark of class 240, the highest there is: a character that sorts before it is a mark, one that does not is a base.
    private static readonly Rune HighestMark = new(0x0345);

    // The one character that .NET refuses to normalize; it stands for itself.
    private const char Refused = '\uFFFE';

    private readonly bool _composes = form is NormalizationForm.FormC or NormalizationForm.FormKC;
    private readonly NormalizationForm _decomposed = form is NormalizationForm.FormC or NormalizationForm.FormD ? NormalizationForm.FormD : NormalizationForm.FormKD;

    public override NormalizedText Normalize(NormalizedText text) =>
        !text.Text.Contains(Refused) && text.Text.IsNormalized(form) ? text : text.Transform(Changes(text.Text));

    private IEnumerable<(Rune, int)> Changes(string text)
    {
        var marks = new List<(Rune Character, int Change)>();
        (Rune Character, int Change)? start = null;
        foreach (var (character, change) in Decomposed(text))
        {
            if (IsMark(character))
            {
                marks.Add((character, change));
                continue;
            }

            (Rune Character, int Change) next = (character, change);
            if (start is { } s)
            {
                s = ComposeMarks(s, marks);
                if (_composes && marks.Count == 0 && Compose(s.Character, character) is { } joined)
                {
                    next = (joined, s.Change + change - 1);
                }
                else
                {
                    yield return s;
                }
            }
            else
            {
                SortMarks(marks);
            }

            foreach (var mark in marks)
                yield return mark;
            marks.Clear();
            start = next;
        }

        if (start is { } last)
            yield return ComposeMarks(last, marks);
        else
            SortMarks(marks);
        foreach (var mark in marks)
            yield return mark;
    }

    private IEnumerable<(Rune, int)> Decomposed(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            // Nothing below À decomposes canonically; by compatibility a few do.
            if (rune.IsAscii || rune.Value == Refused || (rune.Value < 0xC0 && _decomposed == NormalizationForm.FormD))
            {
                yield return (rune, 0);
                continue;
            }

            var change = 0;
            foreach (var part in rune.ToString().Normalize(_decomposed).EnumerateRunes())
            {
                yield return (part, change);
                change = 1;
            }
        }
    }

    /// <summary>Sorts the marks after a base and lets it take up those that it composes with; the others stay in the list.</summary>
    private (Rune Character, int Change) ComposeMarks((Rune Character, int Change) start, List<(Rune Character, int Change)> marks)
    {
        SortMarks(marks);
        if (!_composes)
            return start;
        for (var i = 0; i < marks.Count;)
        {
            // Blocked by a mark of the same class that stayed.
            var blocked = i > 0 && !SortsBefore(marks[i - 1].Character, marks[i].Character);
            if (!blocked && Compose(start.Character, marks[i].Character) is { } joined)
            {
                start = (joined, start.Change + marks[i].Change - 1);
                marks.RemoveAt(i);
            }
            else
            {
                i++;
            }
        }

        return start;
    }

    private static void SortMarks(List<(Rune Character, int Change)> marks)
    {
        if (marks.Count < 2)
            return;

        // A list may be a million marks long: sort by class, found by comparing with one mark of each class.
        List<(Rune Character, int Change)> sorted = [.. marks.OrderBy(m => m.Character, MarkOrder.Instance)];
        marks.Clear();
        marks.AddRange(sorted);
    }

    private static Rune? Compose(Rune first, Rune second)
    {
        // No character below the combining marks is ever the second of a pair.
        if (second.Value is < 0x300 or Refused || first.Value == Refused)
            return null;
        var joined = (first.ToString() + second).Normalize(NormalizationForm.FormC);
        return Rune.TryGetRuneAt(joined, 0, out var rune) && rune.Utf16SequenceLength == joined.Length ? rune : null;
    }

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
        && (rune == HighestMark || SortsBefore(rune, HighestMark));

    /// <summary>Whether canonical ordering puts the first mark before the second: .NET keeps the classes themselves to itself.</summary>
    private static bool SortsBefore(Rune first, Rune second)
    {
        if (first == second)
            return false;
        var decomposed = first.ToString().Normalize(NormalizationForm.FormD);
        var swapped = "x" + second + first;
        return decomposed == first.ToString() && swapped.Normalize(NormalizationForm.FormD) == "x" + first + second;
    }

    private sealed class MarkOrder : IComparer<Rune>
    {
        public static readonly MarkOrder Instance = new();

        public int Compare(Rune x, Rune y) => SortsBefore(x, y) ? -1 : SortsBefore(y, x) ? 1 : 0;
    }
}
