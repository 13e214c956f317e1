using LmPlayground.Runs;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Reading;

namespace LmPlayground.Web.Components.Viewing;

/// <summary>Demos that show nothing and have every part that a demo can have: what they render as is what a script fills with another demo.</summary>
internal static class DemoSpecimen
{
    private const string Document = """
        {"version":1,"kind":"search","title":"t","description":"d","note":"n","created":"2000-01-01T00:00:00Z",
        "environment":{"prompt_chunk":1,"graph_rewriting":0,"execution_provider":"p","playground":"p","runtime":"r","onnx_runtime":"o",
        "operating_system":"o","architecture":"a","processor_features":[]},
        "models":[{"id":"m","name":"m","architecture":"a","weights_file":"","content_hash":"","tokenizer_hash":"","vocabulary_size":2,
        "token_ids":[0],"token_texts":["t"]}],
        "request":{"version":1},
        "runs":[{"id":"r","model":0,"request":{"version":1,"seed":1,"source":"s"},"strategy":{"version":1,"dry_multiplier":1},"batched":false,
        "prompt_ids":[],"steps":{"positions":[0],"ids":[0],"texts":["t"],"logits":[0],"top_logits":[0],"ranks":[1],"surprisals":[1],"entropies":[1],
        "drawn_at":[0],"drawn_low":[0],"drawn_high":[1],"stage_names":[],
        "stages":{"counts":[0],"stages":[],"values":[],"kept":[],"removed_mass":[],"entropy_after":[],"moved":[],"inert":[],"inert_stages":[],"inert_counts":[]},
        "candidates":{"counts":[1],"tokens":[0],"gaps":[0],"sampled":[1],"removed_by":[-1]},
        "others":{"probabilities":[0.5],"sampled":[0],"kept":[0],"removed_by":[-1]}},
        "text":"t","stop":{"reason":"cancelled"},"usage":{"prompt_tokens":0,"source_tokens":0,"new_tokens":1,"cached_tokens":0,"tokens_per_second":0},
        "search":{"live":[],"finished":[],"returned":[{"ids":[0],"text":"t","log_probabilities":[-0.7],"sum":0,"score":0,"group":0}]}}]}
        """;

    /// <summary>A text with a source, and with a search's sequences, more than are listed.</summary>
    internal static DemoView Run { get; }

    /// <summary>A masked text.</summary>
    internal static DemoView Masked { get; }

    /// <summary>A comparison of one column, which failed.</summary>
    internal static DemoView Comparison { get; }

    static DemoSpecimen()
    {
        var demo = SharedDemoReader.Read(System.Text.Encoding.UTF8.GetBytes(Document));
        var run = demo.Runs[0];
        var search = run.Search!;
        var branch = run with { Id = "b", Parent = run.Id, Position = 0 };
        var column = new DemoColumn { Metrics = [1], Error = "e" };
        Run = new DemoView(demo with { Runs = [run with { Search = search with { Returned = [.. Enumerable.Repeat(search.Returned[0], MostBeams + 1)] } }, branch] });
        Masked = new DemoView(demo with
        {
            Kind = DemoKind.Masked,
            Runs =
            [
                run with
                {
                    Search = null,
                    Request = run.Request.Without(RunSettings.Source),
                    Masked = new DemoMaskedText
                    {
                        Text = "at", Ids = [0], Starts = [1], Lengths = [1], Masks = [0], Task = DemoMaskedTask.Fill, IsCancelled = false, Bits = 0, BitsPerCharacter = 0,
                    },
                },
                branch,
            ],
        });
        Comparison = new DemoView(demo with
        {
            Kind = DemoKind.Comparison,
            Runs = [run with { Search = null, Request = run.Request.Without(RunSettings.Source), Column = column }, branch with { Column = column }],
            Comparison = new DemoComparison { ForwardPasses = 0, ForwardPassesAlone = 0, Forks = 0, Metrics = ["tokens"], Together = [] },
        });
    }

    private static int MostBeams => DemoSequences.MostRows;
}
