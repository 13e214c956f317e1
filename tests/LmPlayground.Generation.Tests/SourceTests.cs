using System.Collections.Immutable;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Search;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Models;

namespace LmPlayground.Generation.Tests;

/// <summary>Runs over a source text.</summary>
public sealed class SourceTests : IDisposable
{
    private readonly FakeEncoderDecoder _model = new();
    private readonly GenerationEngine _engine = new(new GenerationOptions { EncodedSources = 2 });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_source_is_encoded_once_for_all_runs_over_it_and_sequences_over_it_are_found_again()
    {
        var first = await RunAsync([5, 6]);
        var second = await RunAsync([5, 6]);
        Assert.Equal(first.Ids, second.Ids);
        Assert.Equal(1, _model.Encodings);
        Assert.Equal((0, 5), (first.Cached, second.Cached));
        Assert.Equal(_engine.Encode(_model, [5, 6]), _engine.Encode(_model, [5, 6]));
    }

    [Fact]
    public async Task Another_source_gives_another_text_and_shares_no_sequence()
    {
        var first = await RunAsync([5, 6]);
        var other = await RunAsync([5, 7]);
        Assert.NotEqual(first.Ids, other.Ids);
        Assert.Equal(0, other.Cached);
        Assert.NotEqual(_engine.Encode(_model, [5, 6]), _engine.Encode(_model, [5, 7]));
        Assert.NotEqual(_engine.Encode(_model, [5, 6]), _engine.Encode(new FakeEncoderDecoder(), [5, 6]));
    }

    [Fact]
    public async Task A_source_that_was_let_go_is_encoded_again_and_gives_the_same()
    {
        var model = _engine.Encode(_model, [5, 6]);
        var first = await Runs.IdsOf(_engine, Runs.Request(model));
        _engine.Encode(_model, [1]);
        _engine.Encode(_model, [2]);
        Assert.Equal((3, 2), (_model.Encodings, _model.Alive));
        using var fresh = model.StartSession();
        Assert.Equal((4, 2), (_model.Encodings, _model.Alive));
        Assert.Equal(first, await Runs.IdsOf(_engine, Runs.Request(model)));
    }

    [Fact]
    public async Task A_model_that_is_unloaded_is_forgotten_with_its_sources_and_their_guided_views()
    {
        var model = _engine.Encode(_model, [5, 6]);
        var request = Runs.Request(model);
        await Runs.IdsOf(_engine, request);
        await Runs.IdsOf(_engine, request with { Model = GuidedModel.For(model, new GuidanceOptions { Scale = 2 }, request.PromptIds) });
        _engine.Forget(new FakeEncoderDecoder());
        Assert.Equal(1, _model.Alive);
        _engine.Forget(_model);
        Assert.Equal(0, _model.Alive);
        Assert.Equal(0, (await RunAsync([5, 6])).Cached);
    }

    [Fact]
    public void The_engine_lets_its_sources_go()
    {
        _engine.Encode(_model, [5]);
        _engine.Dispose();
        Assert.Equal(0, _model.Alive);
    }

    [Fact]
    public void A_cancelled_encoder_leaves_nothing_behind()
    {
        Assert.ThrowsAny<OperationCanceledException>(() => _engine.Encode(_model, [5], new CancellationToken(canceled: true)));
        Assert.Equal(0, _model.Encodings);
    }

    [Fact]
    public async Task Many_runs_over_one_source_at_the_same_time_give_one_text()
    {
        var expected = (await RunAsync([9])).Ids;
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            _engine.Encode(_model, [i]);
            return (await RunAsync([9])).Ids;
        }, Cancellation)));
        Assert.All(all, ids => Assert.Equal(expected, ids));
        Assert.Equal(2, _model.Alive);
    }

    [Fact]
    public void The_decoders_text_begins_with_its_start_token_and_may_be_empty()
    {
        var model = _engine.Encode(_model, [5]);
        Assert.Equal([1], PromptEncoder.Encode(model, ""));
        Assert.Equal([1, 'a'], PromptEncoder.Encode(model, "a"));
    }

    [Fact]
    public void A_source_that_is_empty_or_too_long_is_refused_in_words()
    {
        Assert.Equal(['a', 'b'], PromptEncoder.EncodeSource(_model, "ab"));
        Assert.Contains("empty", Assert.Throws<PromptException>(() => PromptEncoder.EncodeSource(_model, "")).Message, StringComparison.Ordinal);
        Assert.Equal(10, PromptEncoder.EncodeSource(_model, "0123456789").Length);
        Assert.Contains("by 2 tokens", Assert.Throws<PromptException>(() => PromptEncoder.EncodeSource(_model, "0123456789ab")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_of_other_kinds_say_that_they_read_no_source_and_this_one_that_it_needs_one()
    {
        Assert.Contains("reads no source", Assert.Throws<ModelUseException>(() => new FakeModel().AsEncoderDecoder()).Message, StringComparison.Ordinal);
        Assert.Contains("needs a source", Assert.Throws<ModelUseException>(() => ((IModel)_model).AsLanguageModel()).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _engine.Dispose();

    private async Task<(ImmutableArray<int> Ids, int Cached)> RunAsync(ImmutableArray<int> source)
    {
        using var run = _engine.Generate(Runs.Request(_engine.Encode(_model, source)));
        var steps = await run.ToEnd(Cancellation);
        return ([.. steps.Select(step => step.Id)], run.Summary!.CachedTokens);
    }
}
