using LmPlayground.Generation.Engine;
using LmPlayground.Models.Catalog;
using LmPlayground.Runs.Planning;
using Microsoft.Extensions.Logging;

namespace LmPlayground.Runs.Work;

/// <summary>What every kind of work is done with.</summary>
/// <param name="Models">Where its models come from.</param>
/// <param name="Engine">What generates.</param>
/// <param name="Planner">What makes of a request what the engine is asked.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">Where its beginning and end are logged: never a prompt.</param>
public sealed record WorkServices(IModelLoader Models, GenerationEngine Engine, RunPlanner Planner, TimeProvider Time, ILogger Logger);
