namespace LmPlayground.Sampling.Parameters;

/// <summary>A setting that is on or off.</summary>
/// <param name="Name">Its name in the address and in JSON: "ignore_eos".</param>
/// <param name="Label">Its name for people.</param>
public sealed record SwitchParameter(string Name, string Label) : Parameter<bool>(Name, Label);
