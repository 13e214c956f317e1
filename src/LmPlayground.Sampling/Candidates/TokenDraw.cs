namespace LmPlayground.Sampling.Candidates;

/// <summary>The draw of one token by inverse CDF: why the seed chose it.</summary>
/// <param name="Id">The token that was drawn.</param>
/// <param name="U">The random number, in [0, 1).</param>
/// <param name="Low">The cumulative probability of the tokens before it in the total order.</param>
/// <param name="High">The same with its own probability: Low &lt;= U &lt; High.</param>
public readonly record struct TokenDraw(int Id, double U, double Low, double High);
