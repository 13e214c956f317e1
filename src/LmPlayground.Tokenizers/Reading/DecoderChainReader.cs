using System.Collections.Immutable;
using LmPlayground.Tokenizers.Decoders;
using LmPlayground.Tokenizers.Decoders.Chain;
using LmPlayground.Tokenizers.Files;

namespace LmPlayground.Tokenizers.Reading;

/// <summary>Reads a <c>decoder</c> whose steps stand in any order.</summary>
internal static class DecoderChainReader
{
    public static DecoderChain Read(IEnumerable<JsonSource> steps)
    {
        JsonSource[] all = [.. steps];
        return new DecoderChain([.. all.Select(step => (Step(step), step.Type() is "Fuse" or "ByteLevel"))], all.Any(step => step.Type() == "ByteFallback"));
    }

    private static StepMaker Step(JsonSource source)
    {
        switch (source.Type())
        {
            case "Fuse":
                return (_, _, next) => new FusingStep { Next = next };
            case "ByteFallback":
                return (isWhole, _, next) => new ByteFallbackStep(isWhole) { Next = next };
            case "ByteLevel":
                return (isWhole, isEndless, next) => new ByteLevelStep(isWhole, isEndless) { Next = next };
            case "BPEDecoder":
                var suffix = source.Text("suffix") ?? "</w>";
                return (_, _, next) => new BpeSuffixStep(suffix) { Next = next };
            case "CTC":
                var pad = source.Text("pad_token") ?? "<pad>";
                var delimiter = source.Text("word_delimiter_token") ?? "|";
                var cleansSpeech = source.Flag("cleanup", true);
                return (_, isEndless, next) =>
                    new CtcStep(List([new LiteralReplacer(pad, ""), .. cleansSpeech ? [.. Cleanup(), new LiteralReplacer(delimiter, " ")] : Nothing]), isEndless) { Next = next };
            case "WordPiece":
                var prefix = source.Text("prefix") ?? "##";
                var cleans = source.Flag("cleanup", true);
                return Rewriting(_ => List([new PrefixRewriter(prefix), .. cleans ? Cleanup() : Nothing]));
            case "Metaspace":
                var (replacement, dropsFirst) = (PreTokenizerReader.Replacement(source), DecoderReader.DropsFirst(source));
                return Rewriting(_ => new MetaspaceRewriter(replacement, dropsFirst));
            case "Strip":
                var (stripped, start, stop) = (DecoderReader.Stripped(source), DecoderReader.Count(source, "start"), DecoderReader.Count(source, "stop"));
                return Rewriting(_ => new Stripper(stripped, start, stop));
            case "Replace":
                var (pattern, content) = (source.Required("pattern"), source.Required("content").AsString());
                if (pattern.Text("String") is { } literal)
                    return Rewriting(_ => new LiteralReplacer(literal, content));
                var expression = PatternReader.Read(pattern);
                return Rewriting(isEndless => new PatternReplacer(expression, content, isEndless));
            default:
                throw source.Wrong($"decoder type {source.Type()} is not supported");
        }
    }

    private static IReadOnlyList<TokenRewriter> Nothing => [];

    private static StepMaker Rewriting(Func<bool, TokenRewriter> make) => (_, isEndless, next) => new RewritingStep(make(isEndless)) { Next = next };

    private static IReadOnlyList<TokenRewriter> Cleanup() =>
        [.. WordPieceDecoder.Cleanups.Select(pair => new LiteralReplacer(pair.Spaced, pair.Joined))];

    private static RewriterList List(ImmutableArray<TokenRewriter> rewriters) => new(rewriters);
}
