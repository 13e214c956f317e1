namespace LmPlayground.Runs.Jobs;

/// <summary>Whose a job is and what for. There is one job under a key at a time.</summary>
/// <param name="Owner">A page's unguessable id, or the server's name for what is everybody's. Never logged.</param>
/// <param name="Slot">What it is for: "run", "comparison", "score", a model's name.</param>
public readonly record struct JobKey(string Owner, string Slot)
{
    /// <summary>Says nothing: an owner's id opens its page.</summary>
    public override string ToString() => nameof(JobKey);
}
