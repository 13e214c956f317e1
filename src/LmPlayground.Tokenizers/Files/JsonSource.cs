using System.Text.Json;

namespace LmPlayground.Tokenizers.Files;

/// <summary>A value inside a model's JSON file that knows where it stands, so that every complaint can name the file and the place.</summary>
internal readonly struct JsonSource
{
    private const long GreatestFile = 256L << 20;
    private const int MaxDepth = 64;

    private readonly string _file;
    private readonly string _path;
    private readonly JsonElement _element;

    private JsonSource(string file, string path, JsonElement element)
    {
        _file = file;
        _path = path;
        _element = element;
    }

    public JsonValueKind Kind => _element.ValueKind;

    public string File => _file;

    /// <summary>Reads a file whose outermost value is an object.</summary>
    /// <exception cref="ModelLoadException">It is missing, unreadable, too large, or no JSON object.</exception>
    public static JsonSource Read(string file)
    {
        try
        {
            if (new FileInfo(file).Length > GreatestFile)
                throw new ModelLoadException(file, "is larger than 256 MB; no JSON file of a model is.");
            var bytes = System.IO.File.ReadAllBytes(file);
            return Parse(file, bytes);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelLoadException(file, "there is no such file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException(file, $"cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads a file, or gives null if there is none.</summary>
    /// <exception cref="ModelLoadException">It is unreadable, too large, or no JSON object.</exception>
    public static JsonSource? TryRead(string file) => System.IO.File.Exists(file) ? Read(file) : null;

    /// <summary>Reads the content of a file whose outermost value is an object.</summary>
    public static JsonSource Parse(string file, ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Span.StartsWith("\uFEFF"u8))
            utf8 = utf8[3..];
        JsonElement root;
        try
        {
            root = ParseAsWritten(utf8);
        }
        catch (JsonException e)
        {
            throw new ModelLoadException(file, NotJson(e, utf8.Span), e);
        }

        var source = new JsonSource(file, "", root);
        return root.ValueKind == JsonValueKind.Object ? source : throw source.Wrong("a JSON object was expected");
    }

    /// <summary>The member, or null where it is missing or JSON's null.</summary>
    public JsonSource? Optional(string name)
    {
        if (Kind != JsonValueKind.Object)
            throw Wrong("a JSON object was expected");
        if (!_element.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null)
            return null;
        return new JsonSource(_file, Join(name), member);
    }

    public JsonSource Required(string name) => Optional(name) ?? throw Wrong($"\"{name}\" is missing");

    public string AsString()
    {
        if (Kind != JsonValueKind.String)
            throw Wrong("a string was expected");
        try
        {
            return _element.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw Wrong($"not a valid string: {e.Message}");
        }
    }

    public int AsInt32() => AsInt64() is >= int.MinValue and <= int.MaxValue and var value ? (int)value : throw Wrong("a whole number was expected");

    /// <summary>A whole number, which Python also writes as <c>50.0</c> or <c>1e3</c>.</summary>
    public long AsInt64()
    {
        if (Kind != JsonValueKind.Number)
            throw Wrong("a whole number was expected");
        if (_element.TryGetInt64(out var value))
            return value;

        // 2^63 is the first double above the range.
        const double beyond = 9223372036854775808;
        return _element.TryGetDouble(out var number) && double.IsInteger(number) && number is >= -beyond and < beyond
            ? (long)number
            : throw Wrong("a whole number was expected");
    }

    public double AsDouble() =>
        Kind == JsonValueKind.Number && _element.TryGetDouble(out var value) && double.IsFinite(value) ? value : throw Wrong("a number was expected");

    public bool AsBoolean() => Kind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong("true or false was expected"),
    };

    public bool Flag(string name, bool otherwise = false) => Optional(name)?.AsBoolean() ?? otherwise;

    /// <summary>The member as a whole number of at least <paramref name="least"/>, or null where it is missing.</summary>
    public int? Integer(string name, int least = 1)
    {
        if (Optional(name) is not { } member)
            return null;
        var value = member.AsInt32();
        return value >= least ? value : throw member.Wrong($"{value} is less than {least}");
    }

    /// <summary>The member as a text, or null where it is missing.</summary>
    public string? Text(string name) => Optional(name)?.AsString();

    public string Type() => Required("type").AsString();

    public IEnumerable<JsonSource> Items()
    {
        if (Kind != JsonValueKind.Array)
            throw Wrong("a list was expected");
        return Enumerate(this);

        static IEnumerable<JsonSource> Enumerate(JsonSource list)
        {
            var index = 0;
            foreach (var item in list._element.EnumerateArray())
                yield return new JsonSource(list._file, $"{list._path}[{index++}]", item);
        }
    }

    public IEnumerable<(string Name, JsonSource Value)> Members()
    {
        if (Kind != JsonValueKind.Object)
            throw Wrong("a JSON object was expected");
        return Enumerate(this);

        static IEnumerable<(string, JsonSource)> Enumerate(JsonSource owner)
        {
            var members = owner._element.EnumerateObject();
            while (members.MoveNext())
                yield return (owner.NameOf(members.Current), new JsonSource(owner._file, owner._path, members.Current.Value));
        }
    }

    /// <summary>The error to throw: the file, the place in it, and what is wrong there.</summary>
    public ModelLoadException Wrong(string what) => new(_file, _path.Length == 0 ? $"{what}." : $"at {_path}: {what}.");

    /// <summary>Parses JSON, and JSON as Python writes it where it is not that.</summary>
    private static JsonElement ParseAsWritten(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            return ParseStrictly(utf8);
        }
        catch (JsonException) when (PythonJson.WithoutBareWords(utf8.Span) is { } plain)
        {
            return ParseStrictly(plain);
        }
    }

    private static JsonElement ParseStrictly(ReadOnlyMemory<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaxDepth });
        return document.RootElement.Clone();
    }

    /// <summary>What is wrong, and what to do about it where that is known: only a file that ends too early is worth another download.</summary>
    private static string NotJson(JsonException error, ReadOnlySpan<byte> utf8)
    {
        if (utf8.Trim(" \t\r\n"u8).IsEmpty)
            return "is empty. Download it again.";
        if (LfsPointer.Is(utf8))
            return "is a Git LFS pointer and not the file itself. Download the file.";
        var place = $"is not valid JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine})";
        return IsCutOff(PythonJson.WithoutBareWords(utf8) ?? utf8) ? $"{place}: it ends before it is complete. Download it again." : $"{place}.";
    }

    /// <summary>Whether more text could still make this valid.</summary>
    private static bool IsCutOff(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = MaxDepth }));
        try
        {
            while (reader.Read())
                continue;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private string Join(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    private string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException e)
        {
            throw Wrong($"a name is no valid string: {e.Message}");
        }
    }
}
