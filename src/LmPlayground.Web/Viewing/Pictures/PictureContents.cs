using LmPlayground.Web.Components.Viewing;

namespace LmPlayground.Web.Viewing.Pictures;

/// <summary>What a picture says of a demo's run.</summary>
internal static class PictureContents
{
    /// <summary>The most tokens that are looked at: more than any picture has room for.</summary>
    private const int MostTokens = 400;

    /// <summary>What was given to a run, as a person wrote it: not what a chat template made of it.</summary>
    internal static string Given(DemoRunView run)
    {
        var prompt = run.Run.RenderedPrompt is null ? run.Prompt : Unmasked.Of(run.Run.Request.Prompt ?? "") + "\n";
        return run.Source is { } source ? $"{source}\n{prompt}" : prompt;
    }

    /// <summary>What a run wrote, in tokens, after what was given.</summary>
    internal static List<PicturePiece> Of(DemoRunView run, string given)
    {
        if (run.Run.Masked is { } masked)
            return [.. MaskedPieces.Of(run, masked).Take(MostTokens).Select(piece => piece.Step < 0 ? PicturePiece.Given(piece.Given) : PicturePiece.Of(run.Steps[piece.Step]))];
        var pieces = new List<PicturePiece>();
        if (given.Length > 0)
            pieces.Add(PicturePiece.Given(given));
        for (var index = 0; index < Math.Min(run.Steps.Length, MostTokens); index++)
            pieces.Add(PicturePiece.Of(run.Steps[index]) with { IsMarked = index == run.Run.Column?.Difference });
        if (run.Run.Column?.Error is { } error)
            pieces.Add(new PicturePiece(Unmasked.Of(error), PictureColours.Bad));
        return pieces;
    }
}
