using LmPlayground.Models.Chat;
using LmPlayground.Models.Onnx.Graph;

namespace LmPlayground.Models.Catalog;

/// <summary>A model on disk as the catalogue found it: what loading needs to know.</summary>
/// <param name="Id">What the command line and the address call it.</param>
/// <param name="Directory">Its folder, a full path.</param>
/// <param name="IsEmbedded">Whether it came with the playground.</param>
/// <param name="Index">What the index beside it says of it, if anything.</param>
internal sealed record ModelSource(string Id, string Directory, bool IsEmbedded, ModelIndexEntry? Index)
{
    /// <summary>The repository's name on a hub, or null where the folder's own name is used.</summary>
    public string? Title { get; init; }

    /// <summary>Which of the folder's graphs it is, or null where the folder leaves no choice (n-gram models, <c>genai_config.json</c>).</summary>
    public GraphVariant? Variant { get; init; }

    /// <summary>Whether the folder holds several variants, so that a name needs to say which.</summary>
    public bool HasSiblings { get; init; }

    /// <summary>Whether it lies in the cache of a hub.</summary>
    public bool IsFromHub { get; init; }

    public string Name => (Index?.Name ?? Path.GetFileName(Title ?? Directory)) + (HasSiblings ? $" ({Variant!.Name})" : "");

    /// <summary>SPDX name of the weights' licence, or null where nothing says it. It is read from the disk.</summary>
    public string? ReadLicense() => Index?.License ?? ModelReadme.License(Directory);

    /// <summary>What people may call it, besides <see cref="Id"/>: the name with the variant.</summary>
    public bool IsCalled(string id) => Variant is not null && id == $"{Title ?? Path.GetFileName(Directory)}:{Variant.Name}";

    /// <summary>What people are told of it before it is loaded, from the disk: only what is among its files is read.</summary>
    public ModelEntry Describe(FolderListing listing) => new()
    {
        Id = Id,
        Name = Name,
        Summary = Index?.Summary ?? "",
        Directory = Directory,
        IsEmbedded = IsEmbedded,
        MaskToken = listing.Has("config.json") ? Catalog.MaskToken.Peek(Directory) : null,
        ReadsSource = EncoderDecoderFiles.Peek(listing.Has("config.json") ? Path.Combine(Directory, "config.json") : null, listing.Has),
        HasChatTemplate = Array.Exists(ChatTemplateReader.Files, listing.Has) && ChatTemplateReader.Peek(Directory),
        IsFromHub = IsFromHub,
        Variant = Variant?.Name,
        License = Index?.License ?? (listing.Has("README.md") ? ModelReadme.License(Directory) : null),
        SizeInBytes = Size(),
    };

    /// <summary>The files of this variant, and those that are no graph's; links count as what they lead to.</summary>
    private long Size()
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2, IgnoreInaccessible = true };
        long size = 0;
        foreach (var file in new DirectoryInfo(Directory).EnumerateFiles("*", options))
        {
            var name = Path.GetRelativePath(Directory, file.FullName).Replace('\\', '/');
            if (Variant is null || Variant.Owns(name) || !name.Contains(".onnx", StringComparison.Ordinal))
                size += Length(file);
        }

        return size;
    }

    private static long Length(FileInfo file)
    {
        try
        {
            return (file.Attributes & FileAttributes.ReparsePoint) == 0 ? file.Length : file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo { Exists: true } target ? target.Length : 0;
        }
        catch (IOException)
        {
            // A link in a circle: whoever reads the file is told.
            return 0;
        }
    }
}
