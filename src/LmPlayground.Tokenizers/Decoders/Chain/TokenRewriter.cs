using System.Collections.Immutable;

namespace LmPlayground.Tokenizers.Decoders.Chain;

/// <summary>What a step makes of the text of one token at a time, as far as it is known.</summary>
/// <remarks>Its state is in values that never change, so that a copy is a fork. Not thread-safe.</remarks>
internal abstract class TokenRewriter
{
    /// <summary>A token begins.</summary>
    /// <param name="isFirst">Whether none came before it.</param>
    public virtual void Begin(bool isFirst)
    {
    }

    /// <summary>The token goes on: gives what is certain of its new text.</summary>
    public abstract string Add(string text);

    /// <summary>The token ends: gives what was held back.</summary>
    public virtual string End() => "";

    /// <summary>A second one in the same state.</summary>
    public virtual TokenRewriter Fork() => (TokenRewriter)MemberwiseClone();
}

/// <summary>Several in a row.</summary>
internal sealed class RewriterList(ImmutableArray<TokenRewriter> all) : TokenRewriter
{
    public override void Begin(bool isFirst)
    {
        foreach (var one in all)
            one.Begin(isFirst);
    }

    public override string Add(string text) => all.Aggregate(text, static (text, one) => one.Add(text));

    public override string End() => all.Aggregate("", static (text, one) => one.Add(text) + one.End());

    public override TokenRewriter Fork() => new RewriterList([.. all.Select(one => one.Fork())]);
}
