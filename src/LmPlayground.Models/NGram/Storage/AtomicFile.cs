namespace LmPlayground.Models.NGram.Storage;

/// <summary>Writes files that others may be reading.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes a file beside the one that is there and then puts it in its place: nobody sees half of it, and who has the old one
    /// mapped keeps it.
    /// </summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var part = path + ".part";
        try
        {
            File.WriteAllBytes(part, content);
            File.Move(part, path, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }
}
