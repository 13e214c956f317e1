namespace LmPlayground.Runs;

/// <summary>What a run does with its text.</summary>
public enum RunTask
{
    /// <summary>Goes on from it.</summary>
    Continue,

    /// <summary>Fills its masks, one after the other.</summary>
    Fill,

    /// <summary>Draws every mask from one look at the text.</summary>
    Predict,

    /// <summary>Hides each of its tokens in turn and asks for it.</summary>
    Score,
}
