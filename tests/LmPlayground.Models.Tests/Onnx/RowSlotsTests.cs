using LmPlayground.Models.Onnx.Sessions;

namespace LmPlayground.Models.Tests.Onnx;

public sealed class RowSlotsTests
{
    [Fact]
    public void Rows_follow_any_selection_and_lie_without_gaps()
    {
        Random random = new(7);
        for (var round = 0; round < 200; round++)
        {
            // What each slot holds: where the row with that content is to be found, copies must keep true.
            int[] memory = [.. Enumerable.Range(0, 12)];
            var count = random.Next(1, 6);
            RowSlots slots = new(count);
            int[] rows = [.. Enumerable.Range(0, count)];
            for (var step = 0; step < 20; step++)
            {
                int[] selection = [.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Next(rows.Length))];
                rows = [.. selection.Select(row => rows[row])];
                foreach (var (from, to) in slots.Select(selection))
                    memory[to] = memory[from];
                Assert.Equal(rows, Enumerable.Range(0, slots.Count).Select(row => memory[slots[row]]));
                Assert.Equal(Enumerable.Range(0, slots.Count), Enumerable.Range(0, slots.Count).Select(row => slots[row]).Order());
            }
        }
    }

    [Fact]
    public void Only_a_repeated_row_is_copied()
    {
        RowSlots slots = new(4);
        Assert.Empty(slots.Select([3, 1, 0, 2]));
        Assert.Equal([(0, 3)], slots.Select([2, 1, 2, 3]));
        Assert.Empty(slots.Select([0, 1, 2, 3]));
    }
}
