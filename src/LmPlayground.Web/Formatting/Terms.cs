using System.Collections.Frozen;

namespace LmPlayground.Web.Formatting;

/// <summary>The words of the field that the page uses: each with a short explanation, declared once.</summary>
internal static class Terms
{
    private static readonly FrozenDictionary<string, string> Explanations = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["surprisal"] = "How unexpected the model found the token: -log2 of its probability, in bits. 1 bit is a coin's toss, 0 bits was certain.",
        ["bits"] = "The token's surprisal: -log2 of the model's probability of it. Each bit more means half as likely.",
        ["entropy"] = "How undecided the distribution is, in bits: 0 is certain, 1 is like a coin's toss, 12 is like a free choice among 4,096 tokens.",
        ["all tokens"] = "How many tokens the model can choose from (its vocabulary), and how undecided it is between them: the entropy in bits.",
        ["u"] = "The random number of this draw, from 0 to 1. The tokens lie side by side, each as wide as its probability; the one that u falls on is drawn.",
        ["after sampler"] = "The probability with which the token is drawn: after temperature, top-p and all other stages.",
        ["model"] = "The probability that the model itself gives the token, before any stage of the sampler.",
        ["rank"] = "The token's place when all tokens are ordered by the model's probability: the 1st is the likeliest.",
        ["logit"] = "The number that the model gives a token. Exponentials of the logits, divided by their sum, are the probabilities (softmax).",
        ["sum"] = "The model's probability of this token and of all that rank above it: what top-p cuts at.",
        ["id"] = "The token's number in the model's vocabulary.",
        ["order"] = "In which order the stages run. The same stages in another order can keep other tokens: transformers, llama.cpp and vLLM each have their own.",
        ["strategy"] = "Whether one text is sampled or several are followed. It is no part of what-if: a change takes effect with the next run.",
        ["what-if"] = "What other settings would have done to the tokens that are here, from the same logits and the same random numbers; the text itself stays.",
        ["seed"] = "The key of the random numbers: the same seed, text and settings give the same tokens.",
        ["token"] = "The piece of text that a model reads and writes at once: a word, a part of one, a sign. Its vocabulary lists all that there are.",
        ["tokens left"] = "How many tokens can still be drawn. Each stage shows what it leaves, behind its arrow.",
        ["score"] = "The sum of the tokens' log-probabilities (natural logarithm), divided by the length to the power of the length penalty.",
        ["characters per token"] = "The text's characters divided by its tokens: the more, the better the vocabulary fits this text.",
        ["bytes"] = "How long the text is in UTF-8: one byte for a Latin letter without marks, three for most Chinese characters, four for an emoji.",
        ["kind"] = "How the model carries what it has read: in counts (n-gram), in a window (feed-forward), in a state (recurrent) or in attention (Transformer).",
        ["context"] = "How much of a text the model sees when it predicts a token. What stands further back has no effect on it.",
        ["weights"] = "The numbers that training has set, its parameters; for an n-gram model, how many n-grams it has counted.",
        ["variant"] = "The same model with its weights stored otherwise: full is as trained, q4 has 4 bits for each and is smaller and less exact.",
        ["first difference"] = "The first token at which a column's text is another than the other columns'. Up to it all have read and written the same.",
        ["passes"] = "How often a model computed a token. Columns whose texts still agree share their passes.",
        ["js"] = "Jensen-Shannon divergence: half of how far each of two distributions is from their mean. 0 where they are the same, 1 bit where they share no token.",
        ["tv"] = "Total variation: the probability that has to be moved to turn one distribution into the other.",
        ["kl"] = "Kullback-Leibler divergence: the bits lost by taking this column's distribution for the first one's. Infinite where it rules out a token that the first one allows.",
        ["kl-reverse"] = "The same the other way round: the bits lost by taking the first column's distribution for this one's.",
        ["chi-square"] = "A test (Pearson's) of whether the counts of many draws fit the probabilities. A p-value near 0 would mean that the draw is not fair.",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>All of them, by name.</summary>
    public static IEnumerable<string> Names => Explanations.Keys;

    /// <summary>What a term means, in a sentence or two.</summary>
    /// <exception cref="KeyNotFoundException">It is not declared here.</exception>
    public static string Explain(string name) =>
        Explanations.TryGetValue(name, out var explanation) ? explanation : throw new KeyNotFoundException($"The term '{name}' has no explanation: give it one.");
}
