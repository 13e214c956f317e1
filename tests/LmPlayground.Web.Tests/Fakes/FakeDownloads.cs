using LmPlayground.Models.Hub;
using LmPlayground.Web.Downloads;

namespace LmPlayground.Web.Tests.Fakes;

/// <summary>Downloads that a test drives, and a hub that answers what it is told to.</summary>
internal sealed class FakeDownloads : IDownloads
{
    private readonly List<Action> _subscribers = [];

    public List<string> Started { get; } = [];

    public List<string> Cancelled { get; } = [];

    public HubException? Failure { get; set; }

    public string? Refusal { get; set; }

    public IReadOnlyList<Download> Current { get; private set; } = [];

    public IReadOnlyList<HubSearchResult> Results { get; set; } = [new HubSearchResult("org/nice", 1234, "mit")];

    public void Set(params Download[] downloads)
    {
        Current = downloads;
        foreach (var changed in _subscribers.ToArray())
            changed();
    }

    public IDisposable Subscribe(Action changed)
    {
        _subscribers.Add(changed);
        return new Subscription(() => _subscribers.Remove(changed));
    }

    public Task<IReadOnlyList<HubSearchResult>> SearchAsync(string words, CancellationToken cancellationToken) =>
        Failure is null ? Task.FromResult(Results) : Task.FromException<IReadOnlyList<HubSearchResult>>(Failure);

    public Task<HubRepository> FindAsync(string repository, CancellationToken cancellationToken) => Failure is not null
        ? Task.FromException<HubRepository>(Failure)
        : Task.FromResult(new HubRepository
        {
            Id = HubRepositoryId.Parse(repository),
            Revision = "main",
            Commit = new string('0', 40),
            Files = [new HubFile("onnx/model.onnx", 500_000_000, new string('a', 64)), new HubFile("onnx/model_q4.onnx", 118_000_000, new string('b', 64))],
        });

    public void Start(HubRepositoryId repository, string variant) => Started.Add($"{repository}:{variant}");

    public void Cancel(string id) => Cancelled.Add(id);
}
