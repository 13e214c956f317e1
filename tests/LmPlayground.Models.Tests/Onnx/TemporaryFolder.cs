namespace LmPlayground.Models.Tests.Onnx;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("lmplayground-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
    }

    public void Dispose()
    {
        Directory.Delete(Path, recursive: true);
    }
}
