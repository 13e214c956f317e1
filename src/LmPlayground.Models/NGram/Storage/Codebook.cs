namespace LmPlayground.Models.NGram.Storage;

/// <summary>
/// Positive numbers as codes of a few bits. Few distinct numbers are kept exactly; more are put into groups, each so narrow as
/// their number allows when all have the same ratio of greatest to least, and a group stands for the mean of its members.
/// </summary>
internal sealed class Codebook
{
    private readonly double[] _least;
    private readonly float[] _values;

    private Codebook(double[] least, float[] values)
    {
        _least = least;
        _values = values;
    }

    /// <summary>What the codes stand for, ascending.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>Makes the codes for numbers.</summary>
    /// <param name="numbers">All that will be encoded, as often as they will be, in any order; they are sorted in place.</param>
    /// <param name="bits">The width of a code.</param>
    public static Codebook For(Span<double> numbers, int bits)
    {
        numbers.Sort();
        var most = 1 << bits;
        double low = 1, high = numbers.IsEmpty ? 1 : numbers[^1] / numbers[0] * 2;
        if (Starts(numbers, 1, most).Count > most)
        {
            for (var i = 0; i < 50; i++)
            {
                var middle = Math.Sqrt(low * high);
                if (Starts(numbers, middle, most).Count > most)
                    low = middle;
                else
                    high = middle;
            }
        }
        else
        {
            high = 1;
        }

        var starts = Starts(numbers, high, most);
        var least = new double[starts.Count];
        var values = new float[starts.Count];
        for (var group = 0; group < starts.Count; group++)
        {
            var members = numbers[starts[group]..(group + 1 < starts.Count ? starts[group + 1] : numbers.Length)];
            least[group] = members[0];
            double sum = 0;
            foreach (var member in members)
                sum += member;
            values[group] = (float)(sum / members.Length);
        }

        return new Codebook(least, values);
    }

    /// <summary>The code of one of the numbers that the book was made for.</summary>
    public uint Encode(double number)
    {
        var found = Array.BinarySearch(_least, number);
        return (uint)(found >= 0 ? found : ~found - 1);
    }

    /// <summary>Where groups begin whose greatest number is at most <paramref name="ratio"/> times the least; gives up after more than <paramref name="most"/>.</summary>
    private static List<int> Starts(ReadOnlySpan<double> sorted, double ratio, int most)
    {
        List<int> starts = [];
        for (var start = 0; start < sorted.Length && starts.Count <= most;)
        {
            starts.Add(start);
            var last = sorted[start] * ratio;

            // The first number beyond the group.
            int low = start + 1, high = sorted.Length;
            while (low < high)
            {
                var middle = low + (high - low) / 2;
                if (sorted[middle] > last)
                    high = middle;
                else
                    low = middle + 1;
            }

            start = low;
        }

        return starts;
    }
}
