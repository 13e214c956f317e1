using LmPlayground.Generation.Engine;

namespace LmPlayground.Generation.Search;

/// <summary>A search over several sequences at once: enumerate it to run it. All sessions are gone when the enumeration has ended.</summary>
public abstract class SearchRun : SteppedRun<BeamStep>
{
    private protected SearchRun(GenerationEngine engine, GenerationRequest request)
    {
        Engine = engine;
        Request = request;
    }

    /// <summary>What was asked for.</summary>
    public GenerationRequest Request { get; }

    /// <summary>How much of the prompt has been read: 0 to 1.</summary>
    public double PromptProgress { get; internal set; }

    /// <summary>How many generated tokens the model read, in one run or in several, those that were read again included.</summary>
    public int ForwardPasses { get; internal set; }

    /// <summary>How many times a sequence's state was copied because the sequence branched; taking over the session of a sequence that was given up is none.</summary>
    public int Forks { get; internal set; }

    internal GenerationEngine Engine { get; }
}
