using LmPlayground.Models.Catalog;
using LmPlayground.Models.Tests.Onnx;

namespace LmPlayground.Models.Tests;

/// <summary>Rows that run one after the other, as those of n-gram models do.</summary>
public sealed class SessionBatchTests
{
    private static CancellationToken Cancellation => TestModels.Cancellation;

    [Fact]
    public async Task Rows_are_sessions_of_their_own_in_whatever_order()
    {
        using ModelCatalog catalog = new(new ModelCatalogOptions { EmbeddedDirectory = TestFiles.Embedded("") });
        var model = (IBatchingModel)await catalog.LoadAsync("ngram", Cancellation);
        Assert.True(model.BatchesKeepBits);
        using var one = model.StartSession();
        using var two = model.StartSession();
        one.Read(5, 6, 7);
        using var batch = model.StartBatch([one, two]);
        batch.Forward([8, 9], Cancellation);
        Assert.Equal(one.ReadSteps(8)[0], batch.LogitsOf(0));
        Assert.Equal(two.ReadSteps(9)[0], batch.LogitsOf(1));
        batch.Select([1, 0, 1]);
        Assert.Equal((1, 4, 1), (batch.LengthOf(0), batch.LengthOf(1), batch.LengthOf(2)));
        Assert.Throws<InvalidOperationException>(() => batch.LogitsOf(0).Length);

        // The last row is refused after the others have read: they go back.
        Assert.Throws<ArgumentException>(() => batch.Forward([1, 2, -1], Cancellation));
        Assert.Equal((1, 4, 1), (batch.LengthOf(0), batch.LengthOf(1), batch.LengthOf(2)));
        batch.Forward([10, 11, 12], Cancellation);
        Assert.Equal(one.ReadSteps(11)[0], batch.LogitsOf(1));
        two.RewindTo(1);
        Assert.Equal(two.ReadSteps(12)[0], batch.LogitsOf(2));
        batch.Select([1]);
        batch.Forward([3], Cancellation);
        Assert.Equal(one.ReadSteps(3)[0], batch.LogitsOf(0));
    }
}
