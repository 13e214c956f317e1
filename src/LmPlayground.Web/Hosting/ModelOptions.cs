namespace LmPlayground.Web.Hosting;

/// <summary>Where models are found.</summary>
public sealed class ModelOptions
{
    /// <summary>The name of the section in a configuration file.</summary>
    public const string Section = "Models";

    /// <summary>The environment variable with further folders, separated as in PATH.</summary>
    public const string EnvironmentVariable = "LMPLAYGROUND_MODELS";

    /// <summary>Folders of further models: each a model, or a folder of models.</summary>
    public IList<string> Directories { get; } = [];

    /// <summary>How many threads one model computes with; 0 takes one for each core.</summary>
    public int Threads { get; set; }
}
