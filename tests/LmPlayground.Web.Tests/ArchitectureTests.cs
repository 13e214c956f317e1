using System.Reflection;
using ArchUnitNET.Loader;
using LmPlayground.Generation.Engine;
using LmPlayground.Models;
using LmPlayground.Runs;
using LmPlayground.Sampling.Stages;
using LmPlayground.Web.State;

namespace LmPlayground.Web.Tests;

/// <summary>
/// The arrows between the projects (Generation -> Models, Sampling; Runs -> Generation; Web -> all), and the rooms inside them: a folder is a
/// namespace, and no folder stands in a circle with another.
/// </summary>
public class ArchitectureTests
{
    private static readonly Assembly Models = typeof(ILanguageModel).Assembly;
    private static readonly Assembly Sampling = typeof(SamplingOptions).Assembly;
    private static readonly Assembly Generation = typeof(GenerationEngine).Assembly;
    private static readonly Assembly Runs = typeof(RunRequest).Assembly;
    private static readonly Assembly Web = typeof(Throttle).Assembly;

    /// <summary>The projects whose rooms are free of circles. Models is not yet.</summary>
    public static TheoryData<string> Clean => [.. new[] { Sampling, Generation, Runs, Web }.Select(assembly => assembly.GetName().Name!)];

    [Fact]
    public void Each_project_knows_only_those_its_arrows_point_to()
    {
        Assert.Empty(OwnReferences(Models));
        Assert.Empty(OwnReferences(Sampling));
        Assert.Equal(["LmPlayground.Models", "LmPlayground.Sampling"], OwnReferences(Generation));
        Assert.Equal(["LmPlayground.Generation", "LmPlayground.Models", "LmPlayground.Sampling"], OwnReferences(Runs));
        Assert.Equal(["LmPlayground.Generation", "LmPlayground.Models", "LmPlayground.Runs", "LmPlayground.Sampling"], OwnReferences(Web));
    }

    [Theory]
    [MemberData(nameof(Clean))]
    public void No_folder_of_a_project_stands_in_a_circle_with_another(string project)
    {
        var architecture = new ArchLoader().LoadAssemblies(Assembly.Load(project)).Build();
        var arrows = architecture.Types
            .SelectMany(type => type.Dependencies.Select(dependency => (From: type.Namespace?.FullName ?? "", To: dependency.Target.Namespace?.FullName ?? "")))
            .Where(arrow => arrow.From != arrow.To && IsOf(arrow.From) && IsOf(arrow.To))
            .Distinct().ToLookup(arrow => arrow.From, arrow => arrow.To);
        Assert.NotEmpty(arrows);
        foreach (var room in arrows.Select(arrow => arrow.Key))
            Assert.False(Reaches(room, room), $"{room} stands in a circle: it uses {string.Join(", ", arrows[room].Where(next => Reaches(next, room)))}, which come back to it.");

        bool IsOf(string name) => name == project || name.StartsWith(project + ".", StringComparison.Ordinal);

        bool Reaches(string from, string to)
        {
            var seen = new HashSet<string>();
            var open = new Stack<string>(arrows[from]);
            while (open.TryPop(out var next))
            {
                if (next == to)
                    return true;
                if (seen.Add(next))
                    foreach (var further in arrows[next])
                        open.Push(further);
            }

            return false;
        }
    }

    [Fact]
    public void Sampling_is_pure() =>
        Assert.DoesNotContain(References(Sampling), name => !name.StartsWith("System.", StringComparison.Ordinal) || name.Contains("Net", StringComparison.Ordinal));

    [Fact]
    public void Only_the_web_project_knows_aspnet() =>
        Assert.All([Models, Sampling, Generation, Runs], assembly =>
            Assert.DoesNotContain(References(assembly), name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)));

    [Fact]
    public void Only_models_knows_the_runtime_and_the_tokenizers() =>
        Assert.All([Sampling, Generation, Runs, Web], assembly =>
            Assert.DoesNotContain(References(assembly), name => name.StartsWith("Microsoft.ML", StringComparison.Ordinal)));

    private static string[] OwnReferences(Assembly assembly) =>
        [.. References(assembly).Where(name => name.StartsWith("LmPlayground.", StringComparison.Ordinal))];

    private static string[] References(Assembly assembly) => [.. assembly.GetReferencedAssemblies().Select(name => name.Name!).Order()];
}
