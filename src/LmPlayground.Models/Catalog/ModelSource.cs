namespace LmPlayground.Models.Catalog;

/// <summary>A model on disk as the catalogue found it: what loading needs to know.</summary>
/// <param name="Id">What the command line and the address call it.</param>
/// <param name="Directory">Its folder, a full path.</param>
/// <param name="IsEmbedded">Whether it came with the playground.</param>
/// <param name="Index">What the index beside it says of it, if anything.</param>
internal sealed record ModelSource(string Id, string Directory, bool IsEmbedded, ModelIndexEntry? Index)
{
    public string Name => Index?.Name ?? Path.GetFileName(Directory);

    public ModelEntry ToEntry() => new()
    {
        Id = Id,
        Name = Name,
        Summary = Index?.Summary ?? "",
        Directory = Directory,
        IsEmbedded = IsEmbedded,
        MaskToken = Catalog.MaskToken.Peek(Directory),
        ReadsSource = Onnx.Graph.EncoderDecoderFiles.Peek(Directory),
        SizeInBytes = SizeOf(Directory),
    };

    private static long SizeOf(string directory)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = 2,
            IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
        };
        return new DirectoryInfo(directory).EnumerateFiles("*", options).Sum(file => file.Length);
    }
}
