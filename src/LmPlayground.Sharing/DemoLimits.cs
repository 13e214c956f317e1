namespace LmPlayground.Sharing;

/// <summary>How large a demo may be: what a stranger's file can make the reader do is bounded by these.</summary>
public static class DemoLimits
{
    /// <summary>The most bytes of a document, checked before anything of it is read.</summary>
    public const int Bytes = 16 << 20;

    /// <summary>How deeply objects and lists may be nested.</summary>
    public const int Depth = 16;

    /// <summary>The most values and names of a document.</summary>
    public const int Values = 6_000_000;

    /// <summary>The most models.</summary>
    public const int Models = 64;

    /// <summary>The most runs: the columns of a comparison, or the branches of a text.</summary>
    public const int Runs = 256;

    /// <summary>The most tokens of all runs together.</summary>
    public const int Tokens = 100_000;

    /// <summary>The most candidates of one token.</summary>
    public const int CandidatesOfToken = 1_000;

    /// <summary>The most candidates of all tokens together.</summary>
    public const int Candidates = 2_000_000;

    /// <summary>The most tokens of a prompt or a source.</summary>
    public const int PromptTokens = 1_000_000;

    /// <summary>The most stages that ran for one token.</summary>
    public const int Stages = 254;

    /// <summary>The most sequences of a search.</summary>
    public const int Beams = 1_024;

    /// <summary>The most characters (UTF-16 code units) of a demo's title.</summary>
    public const int Title = 200;

    /// <summary>The most characters of a demo's description.</summary>
    public const int Description = 2_000;

    /// <summary>The most characters of its author's note.</summary>
    public const int Note = 20_000;

    /// <summary>The most characters of a token's text, of a name and of a stop string.</summary>
    public const int Text = 4_096;

    /// <summary>The most tokens of a vocabulary: what other settings do is worked out over as many logits.</summary>
    public const int Vocabulary = 2_000_000;

    /// <summary>The greatest place in a sequence.</summary>
    public const int Positions = 100_000_000;
}
