namespace LmPlayground.Models;

/// <summary>One file of a model.</summary>
/// <param name="Name">Its path inside the model's folder, with forward slashes.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Sha256">Its SHA-256 in lower-case hexadecimal.</param>
public sealed record ModelFile(string Name, long Length, string Sha256);
