using System.Diagnostics;
using System.Globalization;
using LmPlayground.Models;
using LmPlayground.Models.Catalog;
using LmPlayground.Models.NGram.Training;

namespace LmPlayground.Benchmarks.NGram;

/// <summary>
/// <c>ngram</c>: how long counting takes, how well each order predicts a held-out text, what pruning costs, and how long a step of the
/// shipped model takes.
/// </summary>
internal static class NGramBenchmark
{
    private const int Steps = 2000;

    internal static int Run(TextWriter output)
    {
        var data = Path.GetFullPath(Path.Combine(TestFiles.Root, "..", "shared", "training", "data"));
        var shipped = TestFiles.Embedded("ngram");
        using var catalog = new ModelCatalog(new ModelCatalogOptions());
        List<string> result = [];
        string[] heldOut = [];
        output.WriteLine("model              counting s   n-grams     MB   bits/token  perplexity  step us (median, 99 %)");
        if (File.Exists(Path.Combine(data, "train.txt.gz")))
        {
            heldOut = HeldOutText.Read(Path.Combine(data, "valid.txt.gz"));
            for (var order = 1; order <= 5; order++)
            {
                using var folder = new TemporaryFolder();
                var started = Stopwatch.GetTimestamp();
                NGramTrainer.Train(Path.Combine(data, "train.txt.gz"), shipped, folder.Path, new NGramTrainingOptions { Order = order, WeightBits = NGramTrainingOptions.FloatBits });
                var counting = Stopwatch.GetElapsedTime(started);
                Measure(output, catalog, $"order {order}, whole", folder.Path, counting, heldOut, $"order{order}_", result);
            }
        }

        Measure(output, catalog, "shipped", shipped, null, heldOut, "shipped_", result);
        output.WriteLine("RESULT " + string.Join(' ', result));
        return 0;
    }

    private static void Measure(
        TextWriter output, ModelCatalog catalog, string name, string folder, TimeSpan? counting, string[] heldOut, string prefix, List<string> result)
    {
        var model = catalog.LoadAsync(folder).GetAwaiter().GetResult().AsLanguageModel();
        var bits = heldOut.Length == 0 ? double.NaN : HeldOutText.Score(model, heldOut).BitsPerToken;
        var (median, high) = StepTime(model);
        var megabytes = new FileInfo(Path.Combine(folder, "model.ngram")).Length / 1e6;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-18} {counting?.TotalSeconds,10:F1} {model.Card.ParameterCount,9} {megabytes,6:F2} {bits,12:F4} {Math.Pow(2, bits),11:F3} {median,9:F1} {high,8:F1}"));
        if (counting is { } time)
            result.Add(string.Create(CultureInfo.InvariantCulture, $"{prefix}counting_s={time.TotalSeconds:F1}"));
        result.Add(string.Create(CultureInfo.InvariantCulture, $"{prefix}bits_per_token={bits:F4} {prefix}step_us={median:F1} {prefix}step_p99_us={high:F1}"));
    }

    /// <summary>Microseconds of one-token steps through a text of the model's own, the median and the 99th percentile: the machine may be at other work too.</summary>
    private static (double Median, double High) StepTime(ILanguageModel model)
    {
        using var session = model.StartSession();
        var token = model.Card.EndOfSequenceIds[0];
        var random = new Random(1);
        var elapsed = new double[Steps];
        for (var step = 0; step < 2 * Steps; step++)
        {
            var started = Stopwatch.GetTimestamp();
            var logits = session.Forward([token]);

            // The first half warms the code and the file's pages.
            if (step >= Steps)
                elapsed[step - Steps] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
            token = Draw(logits.Last, random.NextDouble());
        }

        Array.Sort(elapsed);
        return (elapsed[Steps / 2], elapsed[Steps * 99 / 100]);
    }

    private static int Draw(ReadOnlySpan<float> logits, double u)
    {
        var token = 0;
        for (; token < logits.Length - 1 && (u -= Math.Exp(logits[token])) >= 0; token++)
        {
        }

        return token;
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("lmplayground-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
