using LmPlayground.Generation.Search;
using LmPlayground.Tokenizers;

namespace LmPlayground.Runs.Work;

/// <summary>A search as it stands at one moment.</summary>
/// <param name="Step">Its sequences, live and finished.</param>
/// <param name="Tokenizer">What gives their ids a text.</param>
/// <param name="TokensPerSecond">How many tokens each sequence gets in a second; 0 until there are two.</param>
public sealed record BeamsView(BeamStep Step, ModelTokenizer Tokenizer, double TokensPerSecond);
