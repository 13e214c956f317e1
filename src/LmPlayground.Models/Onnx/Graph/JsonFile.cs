using System.Text.Json;

namespace LmPlayground.Models.Onnx.Graph;

/// <summary>One of the small JSON files beside a graph, read with errors that name the file and the property.</summary>
internal sealed class JsonFile
{
    private readonly JsonElement _root;

    private JsonFile(string path, JsonElement root)
    {
        Path = path;
        _root = root;
    }

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>Its top-level object.</summary>
    public JsonElement Root => _root;

    /// <summary>Reads the file, or gives null if there is none.</summary>
    /// <exception cref="ModelLoadException">It cannot be read, is no JSON, or is no object.</exception>
    public static JsonFile? TryRead(string path)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new ModelLoadException(path, "holds no JSON object.");
            return new JsonFile(path, document.RootElement.Clone());
        }
        catch (JsonException e)
        {
            throw new ModelLoadException(path, $"is not JSON: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException(path, $"cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A property of <paramref name="parent"/>, or null where it is absent or null.</summary>
    public static JsonElement? Get(JsonElement parent, string name)
    {
        return parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;
    }

    /// <summary>An integer of <paramref name="parent"/> that is at least <paramref name="least"/>, or null where it is absent.</summary>
    public int? Integer(JsonElement parent, string name, int least = 1)
    {
        if (Get(parent, name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out int number) || number < least)
            throw Wrong(name, value, $"an integer of at least {least}");
        return number;
    }

    /// <summary>A text of <paramref name="parent"/>, or null where it is absent.</summary>
    public string? Text(JsonElement parent, string name)
    {
        if (Get(parent, name) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(name, value, "a text");
    }

    /// <summary>A truth value of <paramref name="parent"/>, false where it is absent.</summary>
    public bool Flag(JsonElement parent, string name)
    {
        if (Get(parent, name) is not { } value)
            return false;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(name, value, "true or false");
    }

    /// <summary>What is thrown where a required property is absent.</summary>
    public ModelLoadException Missing(string name)
    {
        return new ModelLoadException(Path, $"'{name}' is missing.");
    }

    /// <summary>What is thrown where a property has the wrong type or value.</summary>
    public ModelLoadException Wrong(string name, JsonElement value, string expected)
    {
        string text = value.GetRawText();
        return new ModelLoadException(Path, $"'{name}' is {(text.Length > 40 ? text[..40] + "..." : text)}, not {expected}.");
    }
}
