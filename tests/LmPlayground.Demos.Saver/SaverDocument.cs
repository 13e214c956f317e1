namespace LmPlayground.Demos.Saver;

/// <summary>The document that has a number: the process that saves it and the test that looks for it make the same one.</summary>
public static class SaverDocument
{
    /// <summary>The document's bytes.</summary>
    public static byte[] Bytes(int number)
    {
        var random = new Random(number);
        var bytes = new byte[random.Next(1, 6000)];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>The document as it is given to a store.</summary>
    public static NewDemo Demo(int number)
    {
        var bytes = Bytes(number);
        return new NewDemo
        {
            Document = bytes,
            DocumentHash = Hash256.Of(bytes),
            Codec = "none",
            Size = bytes.Length,
            Title = $"Demo {number}",
            Kind = "run",
            Lifetime = DemoLifetime.Forever,
        };
    }
}
