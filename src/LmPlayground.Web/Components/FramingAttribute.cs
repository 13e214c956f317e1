namespace LmPlayground.Web.Components;

/// <summary>Which other pages may show a page in a frame. A page without it may be framed by none; an embed says it on its component.</summary>
/// <param name="ancestors">The sources of frame-ancestors: "'none'", "'self'", "*" or origins with spaces between them.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class FramingAttribute(string ancestors) : Attribute
{
    /// <summary>No page may.</summary>
    public static readonly FramingAttribute Nowhere = new("'none'");

    /// <summary>The sources of frame-ancestors.</summary>
    public string Ancestors => ancestors;

    /// <summary>What says the same to browsers that know no frame-ancestors; null where it cannot: it knows neither origins nor everyone.</summary>
    public string? XFrameOptions => ancestors switch
    {
        "'none'" => "DENY",
        "'self'" => "SAMEORIGIN",
        _ => null,
    };

    /// <summary>Whether pages of other origins may.</summary>
    public bool IsForOthers => XFrameOptions is null;
}
