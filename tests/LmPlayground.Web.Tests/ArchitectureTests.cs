using System.Reflection;
using LmPlayground.Generation.Engine;
using LmPlayground.Models;
using LmPlayground.Runs;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Web.Tests;

/// <summary>The arrows between the projects: Generation -> Models, Sampling; Web -> all; Models and Sampling know neither each other nor ASP.NET.</summary>
public class ArchitectureTests
{
    private static readonly Assembly Models = typeof(ILanguageModel).Assembly;
    private static readonly Assembly Sampling = typeof(SamplingOptions).Assembly;
    private static readonly Assembly Generation = typeof(GenerationEngine).Assembly;
    private static readonly Assembly Web = typeof(RunManager).Assembly;

    [Fact]
    public void Each_project_knows_only_those_its_arrows_point_to()
    {
        Assert.Empty(OwnReferences(Models));
        Assert.Empty(OwnReferences(Sampling));
        Assert.Equal(["LmPlayground.Models", "LmPlayground.Sampling"], OwnReferences(Generation));
        Assert.Equal(["LmPlayground.Generation", "LmPlayground.Models", "LmPlayground.Sampling"], OwnReferences(Web));
    }

    [Fact]
    public void Sampling_is_pure() =>
        Assert.DoesNotContain(References(Sampling), name => !name.StartsWith("System.", StringComparison.Ordinal) || name.Contains("Net", StringComparison.Ordinal));

    [Fact]
    public void Only_the_web_project_knows_aspnet() =>
        Assert.All([Models, Sampling, Generation], assembly =>
            Assert.DoesNotContain(References(assembly), name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)));

    [Fact]
    public void Only_models_knows_the_runtime_and_the_tokenizers() =>
        Assert.All([Sampling, Generation, Web], assembly =>
            Assert.DoesNotContain(References(assembly), name => name.StartsWith("Microsoft.ML", StringComparison.Ordinal)));

    private static string[] OwnReferences(Assembly assembly) =>
        [.. References(assembly).Where(name => name.StartsWith("LmPlayground.", StringComparison.Ordinal))];

    private static string[] References(Assembly assembly) => [.. assembly.GetReferencedAssemblies().Select(name => name.Name!).Order()];
}
