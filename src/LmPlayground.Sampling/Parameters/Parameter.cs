namespace LmPlayground.Sampling.Parameters;

/// <summary>
/// One setting, declared once: the page's control, the command line's option, the address and the documentation are all made from this
/// declaration. Of what kind its value is, the <see cref="Parameter{T}"/> says.
/// </summary>
/// <param name="Name">Its name in the address, in JSON and, where there is one, in Hugging Face's generation config: "top_p".</param>
/// <param name="Label">Its name for people: "Top-p".</param>
public abstract record Parameter(string Name, string Label)
{
    /// <summary>What it does, in one sentence for someone who has never used it.</summary>
    public string Help { get; init; } = "";

    /// <summary>The parameter without which this one does nothing: it matters only where that one is not neutral. Null where it stands alone.</summary>
    public Parameter? Of { get; init; }

    /// <summary>Its name on the command line: "--top-p".</summary>
    public string CommandLineName { get => field ?? "--" + Name.Replace('_', '-'); init; }
}

/// <summary>A setting whose value is a <typeparamref name="T"/>.</summary>
/// <param name="Name">Its name in the address and in JSON.</param>
/// <param name="Label">Its name for people.</param>
/// <typeparam name="T">An immutable type; equal values are equal settings.</typeparam>
public abstract record Parameter<T>(string Name, string Label) : Parameter(Name, Label)
    where T : notnull
{
    /// <summary>The value where nothing was set: the neutral one.</summary>
    public required T Default { get; init; }

    /// <summary>What is wrong with a value, in words that name the parameter and what it takes; null for a value that may be given.</summary>
    public virtual string? Problem(T value) => null;
}
