using LmPlayground.Models.Catalog;
using LmPlayground.Runs;
using LmPlayground.Runs.Planning;
using LmPlayground.Tokenizers;
using LmPlayground.Web.State;
using LmPlayground.Web.Tests.Fakes;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Tests.State;

/// <summary>The count of tokens while a prompt is written: it is that of the latest text, and costs one thread at most.</summary>
public sealed class PromptCounterTests : IDisposable
{
    private static readonly ModelEntry Model = Scripted.Model("lstm", "Story LSTM");

    private readonly GatedTokenizers _tokenizers = new();
    private readonly List<PromptLength?> _published = [];
    private readonly List<Exception> _failures = [];
    private readonly PromptCounter _counter;

    public PromptCounterTests()
    {
        _counter = new PromptCounter(_tokenizers, error =>
        {
            _failures.Add(error);
            return Task.CompletedTask;
        });
        _counter.Changed += () => _published.Add(_counter.Length);
    }

    [Fact]
    public async Task Of_texts_that_are_typed_while_one_is_counted_the_last_one_is_told_and_no_two_are_counted_at_once()
    {
        // As on a page: everything is asked on one thread.
        var page = Dispatcher.CreateDefault();
        Task[] asked = [.. new[] { "x", "xx", "xxx", "xxxx" }.Select(text => page.InvokeAsync(() => _counter.AskAsync(Choice(text))))];
        _tokenizers.Open();
        await Task.WhenAll(asked);

        Assert.Equal([4], _published.Select(length => length?.Tokens));
        Assert.Equal(1, _tokenizers.MostWaiting);
        Assert.Empty(_failures);
    }

    [Fact]
    public async Task A_text_that_is_counted_already_is_not_counted_again_and_other_settings_do_not_change_it()
    {
        _tokenizers.Open();
        await _counter.AskAsync(Choice("abc"));
        await _counter.AskAsync(Choice("abc"));
        var loading = Model with { State = ModelState.Loading, Progress = 0.5 };
        await _counter.AskAsync(ModelChoice.Of(new RunRequest { Prompt = "abc", Seed = 5 }, [loading]));
        Assert.Equal(1, _tokenizers.Asked);
        await _counter.AskAsync(Choice("wxyz"));
        Assert.Equal(2, _tokenizers.Asked);
    }

    [Fact]
    public async Task What_cannot_be_counted_has_no_count_and_the_next_text_has_one()
    {
        _tokenizers.Open();
        await _counter.AskAsync(Choice("中"));
        _tokenizers.Failure = new ModelLoadException("lstm", "is gone.");
        await _counter.AskAsync(Choice("abc"));
        _tokenizers.Failure = null;
        await _counter.AskAsync(Choice("wxyz"));
        await _counter.AskAsync(ModelChoice.Of(new RunRequest { Prompt = "abc" }, []));
        Assert.Equal([4, null], _published.Select(length => length?.Tokens));
        Assert.Empty(_failures);
    }

    [Fact]
    public async Task A_model_whose_card_is_not_known_has_no_limit_yet_and_a_message_to_it_no_count()
    {
        _tokenizers.Open();
        var entry = Scripted.Model("new", "New", isKnown: false);
        await _counter.AskAsync(ModelChoice.Of(new RunRequest { Prompt = "xyz" }, [entry]));
        await _counter.AskAsync(ModelChoice.Of(new RunRequest { Prompt = "xyz" }, [entry with { HasChatTemplate = true }]));
        Assert.Equal([new PromptLength(3, null), null], _published);
    }

    [Fact]
    public async Task Once_the_page_is_closed_nothing_is_told()
    {
        var asked = _counter.AskAsync(Choice("abc"));
        _counter.Dispose();
        _tokenizers.Open();
        await asked;
        Assert.Empty(_published);
    }

    public void Dispose() => _counter.Dispose();

    private static ModelChoice Choice(string prompt) => ModelChoice.Of(new RunRequest { Prompt = prompt }, [Model]);

    /// <summary>Gives its tokenizer once its gate is open.</summary>
    private sealed class GatedTokenizers : ITokenizerList
    {
        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _waiting;
        private int _mostWaiting;

        public int Asked { get; private set; }

        public int MostWaiting => Volatile.Read(ref _mostWaiting);

        public ModelLoadException? Failure { get; set; }

        public void Open() => _gate.SetResult();

        public async Task<ModelTokenizer> LoadAsync(string modelId, CancellationToken cancellationToken)
        {
            Asked++;
            _mostWaiting = Math.Max(_mostWaiting, Interlocked.Increment(ref _waiting));
            try
            {
                await _gate.Task.WaitAsync(cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }

            return Failure is null ? FakeTokenizerList.Tokenizer : throw Failure;
        }
    }
}
