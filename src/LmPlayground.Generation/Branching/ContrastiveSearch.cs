using LmPlayground.Models;

namespace LmPlayground.Generation.Branching;

/// <summary>
/// Contrastive search (Su et al. 2022, arXiv:2202.06417) weighs each of the k likeliest tokens against its hidden state's likeness to those
/// before it. No graph that the playground loads gives hidden states, so it is refused rather than done in part.
/// </summary>
public static class ContrastiveSearch
{
    /// <summary>Why the strategy cannot run with a model, for people.</summary>
    public static string WhyRefused(ModelCard card) =>
        $"Contrastive search (penalty_alpha above 0) compares hidden states, and {card.Name} gives only logits. It needs a graph with the last"
        + " layer's hidden state, [1, tokens, hidden size], as a further output, and a session that returns it.";
}
