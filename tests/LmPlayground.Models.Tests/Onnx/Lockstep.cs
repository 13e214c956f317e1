using System.Numerics.Tensors;
using LmPlayground.Models.Onnx.Sessions;

namespace LmPlayground.Models.Tests.Onnx;

/// <summary>A batch, and as many sessions that get the same tokens one by one.</summary>
internal sealed class Lockstep : IDisposable
{
    private readonly int _vocabularySize;
    private List<IDecoderSession> _sessions = [];
    private int _steps;

    public Lockstep(OnnxDecoder decoder, params int[] lengths)
    {
        _vocabularySize = decoder.VocabularySize;
        for (var row = 0; row < lengths.Length; row++)
        {
            _sessions.Add(decoder.StartSession());
            if (lengths[row] > 0)
                _sessions[row].Read(TestModels.Tokens(decoder, lengths[row], seed: row));
        }

        Batch = decoder.StartBatch(_sessions);
    }

    public IDecoderBatch Batch { get; }

    public float LargestDifference { get; private set; }

    public float LargestLogit { get; private set; }

    public int Rows { get; private set; }

    public int EqualRows { get; private set; }

    /// <summary>Reads random tokens both ways.</summary>
    public void Step(int count = 1)
    {
        for (var step = 0; step < count; step++)
        {
            Random random = new(100 + _steps++);
            int[] tokens = [.. _sessions.Select(_ => random.Next(_vocabularySize))];
            Batch.Forward(tokens, TestModels.Cancellation);
            Assert.Equal(_sessions.Count, Batch.Count);
            for (var row = 0; row < tokens.Length; row++)
                Compare(row, _sessions[row].Forward(tokens.AsSpan(row, 1), TestModels.Cancellation).Last);
        }
    }

    public void Select(params int[] rows)
    {
        Batch.Select(rows);
        List<IDecoderSession> selected = [.. rows.Select(row => _sessions[row].Fork())];
        _sessions.ForEach(session => session.Dispose());
        _sessions = selected;
    }

    public override string ToString() =>
        $"largest difference {LargestDifference:G3} of logits up to {LargestLogit:G3}; {EqualRows} of {Rows} rows bit-equal";

    public void Dispose()
    {
        Batch.Dispose();
        _sessions.ForEach(session => session.Dispose());
    }

    private void Compare(int row, ReadOnlySpan<float> expected)
    {
        var actual = Batch.LogitsOf(row);
        Assert.Equal(_sessions[row].Length, Batch.LengthOf(row));
        LargestDifference = Math.Max(LargestDifference, TestLogits.LargestDifference(expected, actual));
        LargestLogit = Math.Max(LargestLogit, Math.Abs(TensorPrimitives.MaxMagnitude(expected)));
        Rows++;
        if (expected.SequenceEqual(actual))
            EqualRows++;
    }
}
