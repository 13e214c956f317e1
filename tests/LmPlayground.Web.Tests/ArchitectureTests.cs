using System.Reflection;
using ArchUnitNET.Loader;
using LmPlayground.Demos;
using LmPlayground.Generation.Engine;
using LmPlayground.Models;
using LmPlayground.Runs;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sharing.Document;
using LmPlayground.Tokenizers;
using LmPlayground.Web.State;

namespace LmPlayground.Web.Tests;

/// <summary>
/// The arrows between the projects (Models -> Tokenizers; Generation -> Models, Sampling; Runs -> Generation; Sharing -> Runs; Demos -> none; Web -> all), and the rooms inside
/// them: a folder is a namespace, and no folder stands in a circle with another.
/// </summary>
public class ArchitectureTests
{
    private static readonly Assembly Tokenizers = typeof(ModelTokenizer).Assembly;
    private static readonly Assembly Models = typeof(ILanguageModel).Assembly;
    private static readonly Assembly Sampling = typeof(SamplingOptions).Assembly;
    private static readonly Assembly Generation = typeof(GenerationEngine).Assembly;
    private static readonly Assembly Runs = typeof(RunRequest).Assembly;
    private static readonly Assembly Sharing = typeof(SharedDemo).Assembly;
    private static readonly Assembly Demos = typeof(IDemoStore).Assembly;
    private static readonly Assembly Web = typeof(Throttle).Assembly;

    private static readonly Assembly[] All = [Tokenizers, Models, Sampling, Generation, Runs, Sharing, Demos, Web];

    /// <summary>The names of all projects.</summary>
    public static TheoryData<string> Projects => [.. All.Select(assembly => assembly.GetName().Name!)];

    [Fact]
    public void Each_project_knows_only_those_its_arrows_point_to()
    {
        Assert.Empty(OwnReferences(Tokenizers));
        Assert.Equal(["LmPlayground.Tokenizers"], OwnReferences(Models));
        Assert.Empty(OwnReferences(Sampling));
        Assert.Empty(OwnReferences(Demos));
        Assert.Equal(["LmPlayground.Models", "LmPlayground.Sampling", "LmPlayground.Tokenizers"], OwnReferences(Generation));
        Assert.Equal(["LmPlayground.Generation", "LmPlayground.Models", "LmPlayground.Sampling", "LmPlayground.Tokenizers"], OwnReferences(Runs));
        Assert.Equal(["LmPlayground.Generation", "LmPlayground.Models", "LmPlayground.Runs", "LmPlayground.Sampling", "LmPlayground.Tokenizers"], OwnReferences(Sharing));
        Assert.Equal(
            ["LmPlayground.Demos", "LmPlayground.Generation", "LmPlayground.Models", "LmPlayground.Runs", "LmPlayground.Sampling", "LmPlayground.Sharing", "LmPlayground.Tokenizers"],
            OwnReferences(Web));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_folder_of_a_project_stands_in_a_circle_with_another(string project)
    {
        var architecture = new ArchLoader().LoadAssemblies(Assembly.Load(project)).Build();

        // A constant leaves no trace in what is compiled: what the sources name counts too.
        var arrows = architecture.Types
            .SelectMany(type => type.Dependencies.Select(dependency => (From: type.Namespace?.FullName ?? "", To: dependency.Target.Namespace?.FullName ?? "")))
            .Concat(Sources(project).SelectMany(UsingsOf))
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

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_folder_is_a_namespace(string project)
    {
        var files = Sources(project).ToList();
        Assert.NotEmpty(files);
        Assert.All(files, file =>
        {
            var expected = string.Join('.', file.Place.Where(part => part != ".").Prepend(project));
            var declared = File.ReadLines(file.File).FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal));
            Assert.True(declared is null || declared == $"namespace {expected};", $"{file.File} says '{declared}', not 'namespace {expected};'.");
        });
    }

    [Fact]
    public void No_two_types_have_one_name()
    {
        var names = All.SelectMany(assembly => assembly.GetTypes())
            .Where(type => !type.IsNested && type.Namespace?.StartsWith("LmPlayground.", StringComparison.Ordinal) == true && !type.Name.StartsWith('<'))
            .GroupBy(type => type.Name).Where(group => group.Count() > 1)
            .Select(group => string.Join(" and ", group.Select(type => type.FullName)));
        Assert.Empty(names);
    }

    [Fact]
    public void Sampling_is_pure() =>
        Assert.DoesNotContain(References(Sampling), name => !name.StartsWith("System.", StringComparison.Ordinal) || name.Contains("Net", StringComparison.Ordinal));

    [Fact]
    public void Only_the_web_project_knows_aspnet() =>
        Assert.All(All.Except([Web]), assembly =>
            Assert.DoesNotContain(References(assembly), name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)));

    [Theory]
    [InlineData("Microsoft.ML.OnnxRuntime", "LmPlayground.Models")]
    [InlineData("Microsoft.ML.Tokenizers", "LmPlayground.Tokenizers")]
    [InlineData("Jint", "LmPlayground.Models")]
    [InlineData("Microsoft.EntityFrameworkCore", "LmPlayground.Demos")]
    [InlineData("Microsoft.Data.Sqlite", "LmPlayground.Demos")]
    [InlineData("Npgsql", "LmPlayground.Demos")]
    [InlineData("SkiaSharp", "LmPlayground.Web")]
    public void Only_one_project_knows_a_library_that_could_be_another(string library, string owner) =>
        Assert.Equal([owner], All.Where(assembly => References(assembly).Contains(library)).Select(assembly => assembly.GetName().Name!));

    private static IEnumerable<(string File, string[] Place)> Sources(string project)
    {
        var folder = Path.Combine(TestFiles.Root, "src", project);
        return Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Select(file => (File: file, Place: Path.GetRelativePath(folder, Path.GetDirectoryName(file)!).Split(Path.DirectorySeparatorChar)))
            .Where(file => file.Place[0] is not ("bin" or "obj"));
    }

    private static IEnumerable<(string From, string To)> UsingsOf((string File, string[] Place) source)
    {
        var lines = File.ReadAllLines(source.File);
        var from = lines.FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal))?["namespace ".Length..].TrimEnd(';') ?? "";
        return lines.Where(line => line.StartsWith("using LmPlayground.", StringComparison.Ordinal)).Select(line => (from, line["using ".Length..].TrimEnd(';')));
    }

    private static string[] OwnReferences(Assembly assembly) =>
        [.. References(assembly).Where(name => name.StartsWith("LmPlayground.", StringComparison.Ordinal))];

    private static string[] References(Assembly assembly) => [.. assembly.GetReferencedAssemblies().Select(name => name.Name!).Order()];
}
