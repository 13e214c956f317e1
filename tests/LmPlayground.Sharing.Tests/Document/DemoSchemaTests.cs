using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using LmPlayground.Runs;
using LmPlayground.Sharing.Document;

namespace LmPlayground.Sharing.Tests.Document;

public class DemoSchemaTests
{
    /// <summary>The schema in the repository is made from the types: LMPLAYGROUND_RECORD=1 writes it, and without it both are compared.</summary>
    [Fact]
    public void The_schema_in_the_repository_is_that_of_the_types()
    {
        var path = Path.Combine(TestFiles.Root, "docs", "schema", $"shared-demo-v{SharedDemo.CurrentVersion}.json");
        var schema = Schema().ToJsonString(new JsonSerializerOptions(DemoJson.Options) { WriteIndented = true }) + "\n";
        if (Environment.GetEnvironmentVariable("LMPLAYGROUND_RECORD") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, schema);
        }

        Assert.True(File.ReadAllText(path) == schema, $"{path} is not what the types say: run with LMPLAYGROUND_RECORD=1.");
    }

    private static JsonObject Schema()
    {
        var schema = DemoJson.Options.GetJsonSchemaAsNode(typeof(SharedDemo), new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => context.TypeInfo.Type == typeof(RunRequest)
                ? new JsonObject { ["type"] = "object", ["description"] = "What a person asks for: the settings that were chosen, by name, and their version." }
                : node,
        }).AsObject();
        schema["properties"]!["version"] = new JsonObject { ["const"] = SharedDemo.CurrentVersion };
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "A shared demo of LmPlayground");
        return schema;
    }
}
