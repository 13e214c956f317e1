namespace LmPlayground.Models.Hub;

/// <summary>Sums of sizes that a stranger states.</summary>
internal static class ByteCount
{
    /// <summary>The sum, or the greatest number where it is beyond: what is too large stays too large.</summary>
    public static long Sum(IEnumerable<HubFile> files, Func<HubFile, long> size)
    {
        var sum = 0L;
        foreach (var file in files)
            sum = size(file) is var next && next > long.MaxValue - sum ? long.MaxValue : sum + next;
        return sum;
    }
}
