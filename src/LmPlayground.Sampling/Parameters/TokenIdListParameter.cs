using System.Globalization;

namespace LmPlayground.Sampling.Parameters;

/// <summary>A list of token ids.</summary>
/// <param name="Name">Its name in the address and in JSON: "stop_token_id".</param>
/// <param name="Label">Its name for people.</param>
public sealed record TokenIdListParameter(string Name, string Label) : Parameter<ValueList<int>>(Name, Label)
{
    /// <summary>The most ids that an address, a command line or JSON may give.</summary>
    public int MostEntries { get; init; } = 4_096;

    /// <inheritdoc/>
    public override string? Problem(ValueList<int> value)
    {
        foreach (var id in value)
        {
            if (id < 0)
                return string.Create(CultureInfo.InvariantCulture, $"{Name} must be whole numbers from 0, not {id}");
        }

        return null;
    }
}
