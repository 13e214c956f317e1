namespace LmPlayground.Sampling.Parameters;

/// <summary>
/// What was asked for cannot be done: a value out of its range, settings that do not go together, or a text that the model has no token for.
/// The message names it and says what is taken instead. Every other exception is the program's own fault.
/// </summary>
public sealed class SettingException(string message) : Exception(message);
