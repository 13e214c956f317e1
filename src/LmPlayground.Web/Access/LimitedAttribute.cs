namespace LmPlayground.Web.Access;

/// <summary>An answer that is no page with a circuit, and of which a client may ask for so many all the same.</summary>
/// <param name="act">What it takes a share of.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LimitedAttribute(ClientAct act) : Attribute
{
    /// <summary>What it takes a share of.</summary>
    internal ClientAct Act => act;
}
