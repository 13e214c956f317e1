namespace LmPlayground.Web.Texts;

/// <summary>The words of the gallery, and of the demo that a newcomer sees first.</summary>
public sealed class GalleryTexts;
