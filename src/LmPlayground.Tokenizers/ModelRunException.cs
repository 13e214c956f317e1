namespace LmPlayground.Tokenizers;

/// <summary>A loaded model failed while it ran.</summary>
public sealed class ModelRunException : Exception
{
    /// <summary>Says what failed.</summary>
    public ModelRunException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
