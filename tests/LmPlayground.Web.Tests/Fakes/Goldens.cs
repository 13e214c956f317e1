using LmPlayground.Runs.Settings;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Reading;

namespace LmPlayground.Web.Tests.Fakes;

/// <summary>Recorded demos, one of each kind.</summary>
internal static class Goldens
{
    internal static string Folder => Path.Combine(TestFiles.Root, "tests", "LmPlayground.Sharing.Tests", "Goldens", "v1");

    internal static SharedDemo Read(string name) => SharedDemoReader.Read(File.ReadAllBytes(Path.Combine(Folder, name + ".json")));

    /// <summary>The text of an n-gram, with a branch that goes on from its sixth token at another temperature.</summary>
    internal static SharedDemo WithBranch()
    {
        var demo = Read("ngram");
        var root = demo.Runs[0];
        var branch = root with
        {
            Id = "r1",
            Parent = root.Id,
            Position = 5,
            Strategy = root.Strategy.With(StageSettings.Of(TemperatureStage.Temperature), 1.4),
            Text = "and so it went on.",
        };
        return demo with { Runs = [root, branch] };
    }
}
