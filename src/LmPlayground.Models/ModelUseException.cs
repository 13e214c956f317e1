namespace LmPlayground.Models;

/// <summary>A model was asked for what its kind does not do. The message says what it does instead.</summary>
public sealed class ModelUseException(string message) : Exception(message);
