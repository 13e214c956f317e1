using System.Diagnostics;
using System.Globalization;
using System.Text;
using LmPlayground.Benchmarks.NGram;
using LmPlayground.Tokenizers.Loading;
using Microsoft.ML.Tokenizers;

namespace LmPlayground.Benchmarks.Tokenize;

/// <summary>
/// <c>tokenize</c>: megabytes of English text that one thread splits into tokens in a second, in turns with Microsoft.ML.Tokenizers where it
/// reads the same vocabulary; and the time for a megabyte without a space.
/// </summary>
internal static class TokenizeBenchmark
{
    private const int Megabyte = 1_000_000;

    internal static void Run(BenchmarkContext context)
    {
        var shared = Path.Combine(TestFiles.Root, "..", "shared");
        var gpt2 = TestFiles.Fixture("conformance", "tokenizers", "gpt2_real");
        var text = Text(Path.Combine(shared, "training", "data", "train.txt.gz"));
        var results = new List<string>();
        context.Output.WriteLine("tokenizer     MB/s  Microsoft's  1 MB without a space, s");
        Measure(context, "gpt2_real", gpt2, text, "tokenize_mb_per_s", results);
        Measure(context, "embedded", TestFiles.Embedded("transformer"), text, "tokenize_embedded_mb_per_s", results);
        context.Output.WriteLine("RESULT " + string.Join(' ', results));
    }

    private static void Measure(BenchmarkContext context, string name, string folder, string text, string result, List<string> results)
    {
        var ours = TokenizerFolder.Load(folder);
        Func<string, int> encode = t => ours.Encode(t, addSpecialTokens: false).Count;
        var theirs = Theirs(folder);
        List<double> oursSpeed = [], theirSpeed = [];
        for (var round = 0; round <= (context.Rounds ?? 7); round++)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var (o, t) = (Speed(encode, text), theirs is null ? double.NaN : Speed(theirs, text));

            // The first round warms code and caches.
            if (round > 0)
            {
                oursSpeed.Add(o);
                theirSpeed.Add(t);
            }
        }

        var started = Stopwatch.GetTimestamp();
        encode(new string('x', Megabyte));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var (median, other) = (Median(oursSpeed), Median(theirSpeed));
        context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-10} {median,7:F2} {other,12:F2} {seconds,24:F2}"));
        results.Add(string.Create(CultureInfo.InvariantCulture, $"{result}={median:F2}"));
        if (theirs is not null)
            results.Add(string.Create(CultureInfo.InvariantCulture, $"{result.Replace("tokenize", "microsoft", StringComparison.Ordinal)}={other:F2}"));
    }

    /// <summary>Microsoft's tokenizer over GPT-2's files, with GPT-2's words.</summary>
    private static Func<string, int>? Theirs(string folder)
    {
        var (vocabulary, merges) = (Path.Combine(folder, "vocab.json"), Path.Combine(folder, "merges.txt"));
        if (!File.Exists(vocabulary) || !File.Exists(merges))
            return null;
        var tokenizer = CodeGenTokenizer.Create(File.OpenRead(vocabulary), File.OpenRead(merges));
        return text => tokenizer.EncodeToIds(text).Count;
    }

    private static double Speed(Func<string, int> encode, string text)
    {
        var started = Stopwatch.GetTimestamp();
        encode(text);
        return Encoding.UTF8.GetByteCount(text) / 1e6 / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static string Text(string corpus)
    {
        if (!File.Exists(corpus))
            throw new BenchmarkException($"{corpus} is missing: the text that is split.");
        var text = new StringBuilder();
        foreach (var document in HeldOutText.Read(corpus))
        {
            if (text.Append(document).Append('\n').Length >= 2 * Megabyte)
                break;
        }

        return text.ToString();
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
