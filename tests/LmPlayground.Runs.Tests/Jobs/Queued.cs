using LmPlayground.Runs.Jobs;

namespace LmPlayground.Runs.Tests.Jobs;

/// <summary>Something that waits, and notes what it is told.</summary>
internal sealed class Queued(string page = "page", string client = "client") : IQueued
{
    public string Page => page;

    public string Client => client;

    internal int Position { get; private set; }

    internal int Told { get; private set; }

    void IQueued.Place(int position) => Position = position;

    public void Notify() => Told = Position;
}
