namespace LmPlayground.Models;

/// <summary>How a model carries what it has read from one token to the next.</summary>
public enum ModelKind
{
    /// <summary>A Transformer decoder whose key-value cache grows by concatenation: present comes back longer than past.</summary>
    ConcatCacheDecoder,

    /// <summary>A Transformer decoder that writes into one key-value buffer of full length (GroupQueryAttention).</summary>
    SharedCacheDecoder,

    /// <summary>A recurrent network (LSTM): a state of fixed size.</summary>
    Recurrent,

    /// <summary>A feed-forward network over a fixed window of the last tokens.</summary>
    FeedForward,

    /// <summary>Counts of which token follows which few before it.</summary>
    NGram,

    /// <summary>A Transformer that reads a source text with one half and writes with the other.</summary>
    EncoderDecoder,

    /// <summary>A Transformer that sees a whole text at once and predicts its masked tokens.</summary>
    Masked,
}
