namespace LmPlayground.Sharing.Inspection;

/// <summary>What other settings would have done to a token of a demo.</summary>
public enum DemoMark
{
    /// <summary>It has not been worked out.</summary>
    NotYet,

    /// <summary>The same token.</summary>
    Same,

    /// <summary>A stage would have removed it.</summary>
    Removed,

    /// <summary>It would have stayed, and the same u would have drawn another one.</summary>
    Redrawn,

    /// <summary>The demo cannot say.</summary>
    Unknown,
}
