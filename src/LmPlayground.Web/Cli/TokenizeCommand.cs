using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Loading;

namespace LmPlayground.Web.Cli;

/// <summary>
/// <c>tokenize</c>: reads JSON lines <c>{"text"}</c> and prints ids, offsets in code points, decoded texts and the pieces as they would
/// stream, so that any other implementation can be compared with ours.
/// </summary>
internal static class TokenizeCommand
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal static Command Create()
    {
        var folder = new Option<string>("--tokenizer") { Description = "A folder with a tokenizer (tokenizer.json, tokenizer.model, vocab.json with merges.txt, or vocab.txt), or a tokenizer.json.", Required = true };
        var noSpecial = new Option<bool>("--no-special") { Description = "Add no special tokens around the text." };
        var command = new Command("tokenize", "Read JSON lines {\"text\": ...}; print ids, offsets, decoded text and streamed pieces.") { folder, noSpecial };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var tokenizer = TokenizerFolder.Load(parsed.GetRequiredValue(folder));
            var output = parsed.InvocationConfiguration.Output;
            await JsonLines.ForEachAsync(
                line => output.WriteLine(JsonSerializer.Serialize(Tokenize(tokenizer, TextOf(line), !parsed.GetValue(noSpecial)), Json)), cancellationToken);
            await output.FlushAsync(cancellationToken);
            return ExitCodes.Success;
        });
        return command;
    }

    private static string TextOf(JsonElement line)
    {
        if (!line.TryGetProperty("text", out var text) || text.ValueKind != JsonValueKind.String)
            throw new JsonLineException("\"text\" must be a string.");
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new JsonLineException("\"text\" has a lone surrogate, which no UTF-8 text can have.");
        }
    }

    private static Tokenized Tokenize(ModelTokenizer tokenizer, string text, bool addSpecialTokens)
    {
        var bare = tokenizer.Encode(text, addSpecialTokens: false);
        int[] bareIds = [.. bare.Select(token => token.Id)];
        var ids = addSpecialTokens ? [.. tokenizer.Encode(text).Select(token => token.Id)] : bareIds;
        var codePoints = CodePointsBefore(text);
        var stream = tokenizer.StartStream();
        return new Tokenized(
            ids,
            bareIds,
            [.. bare.Select(token => new[] { codePoints[token.Start], codePoints[token.Start + token.Length] })],
            tokenizer.Decode(ids),
            tokenizer.Decode(ids, skipSpecialTokens: true),
            [.. bareIds.Select(stream.Append)]);
    }

    /// <summary>How many code points lie before each UTF-16 code unit.</summary>
    private static int[] CodePointsBefore(string text)
    {
        var before = new int[text.Length + 1];
        for (var i = 0; i < text.Length; i++)
            before[i + 1] = before[i] + (i > 0 && char.IsSurrogatePair(text[i - 1], text[i]) ? 0 : 1);
        return before;
    }

    private sealed record Tokenized(
        int[] Ids, int[] IdsWithoutSpecial, int[][] Offsets, string Decoded, string DecodedWithoutSpecial, string[] Stream);
}
