namespace LmPlayground.Tokenizers;

/// <summary>A model cannot be loaded. The message names the file, the reason and, where there is one, the remedy.</summary>
public sealed class ModelLoadException : Exception
{
    /// <summary>Says that <paramref name="file"/> cannot be used, and why.</summary>
    /// <param name="file">The file or folder at fault, as a user would look for it.</param>
    /// <param name="reason">A sentence without the file's name: what is wrong and what to do.</param>
    /// <param name="inner">What was caught, if anything.</param>
    public ModelLoadException(string file, string reason, Exception? inner = null)
        : base($"{file}: {reason}", inner)
    {
        File = file;
        Reason = reason;
    }

    /// <summary>The file or folder at fault.</summary>
    public string File { get; }

    /// <summary>What is wrong with it.</summary>
    public string Reason { get; }
}
