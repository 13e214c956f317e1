namespace LmPlayground.Sampling.Tests.Support;

/// <summary>
/// What a rule keeps, where sums in another order may differ in their last bits: the tokens that must stay, and those that may.
/// </summary>
public sealed record Bounds(HashSet<int> Must, HashSet<int> May)
{
    public const double Tolerance = 1e-11;

    /// <summary>Tokens stay whose margin is not negative; those whose margin is as good as zero may go either way.</summary>
    public static Bounds ByMargin(IEnumerable<(int Id, double Margin)> tokens)
    {
        var list = tokens.ToList();
        return new(
            [.. list.Where(token => token.Margin > Tolerance).Select(token => token.Id)],
            [.. list.Where(token => token.Margin >= -Tolerance).Select(token => token.Id)]);
    }

    public void Check(int[] kept, string what)
    {
        Assert.True(kept.Length > 0, what);
        Assert.True(Must.IsSubsetOf(kept), $"{what}: {Must.Except(kept).Count()} tokens are missing of {Must.Count}");
        Assert.True(May.IsSupersetOf(kept), $"{what}: {kept.Except(May).Count()} tokens are too many of {kept.Length}");
    }
}
