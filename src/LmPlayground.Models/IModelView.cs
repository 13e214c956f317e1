namespace LmPlayground.Models;

/// <summary>A language model that is made of another model for one prompt or one source, and computes with that one's weights.</summary>
public interface IModelView : ILanguageModel
{
    /// <summary>The model whose weights it uses; it must not be disposed as long as this is used.</summary>
    IModel Origin { get; }
}
