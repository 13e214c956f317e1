using System.Collections.Immutable;
using System.Numerics.Tensors;
using LmPlayground.Tokenizers;

namespace LmPlayground.Models.Onnx.Sessions;

/// <summary>Starts batches of one model, in whatever way a trial finds to be right.</summary>
internal sealed class BatchFactory
{
    /// <summary>
    /// Against what two texts differ by: kernels for one row and for many may round by a unit of logit in 4-bit models, and rows that are mixed
    /// up differ by as much as the texts.
    /// </summary>
    private const float MostRounding = 0.25f;

    /// <summary>Padding that is masked and not counted changes no more than the order of additions; a position that is wrong by one changes more.</summary>
    private const float MostPadding = 1e-3f;

    /// <summary>Five rows are two pairs and one more, or four and one more: whatever number of rows a kernel takes at once.</summary>
    private const int TrialRows = 5;

    private const int TrialSteps = 4;
    private const int ShortText = 3;
    private const int LongerText = 9;

    private readonly OnnxDecoder _decoder;
    private readonly Lazy<Trial> _trial;
    private ImmutableArray<int> _stateAxes = [];

    /// <summary>Makes the trial when the first batch is asked for.</summary>
    public BatchFactory(OnnxDecoder decoder)
    {
        _decoder = decoder;
        _trial = new Lazy<Trial>(Try);
    }

    /// <summary>Which sequences can run together.</summary>
    public BatchAbility Ability => _trial.Value.Ability;

    /// <summary>As <see cref="IBatchingModel.BatchesKeepBits"/>.</summary>
    public bool KeepsBits => _trial.Value.KeepsBits;

    /// <summary>As <see cref="IBatchingModel.StartBatch"/>.</summary>
    public IDecoderBatch Start(IReadOnlyList<IDecoderSession> sessions)
    {
        if (sessions.Count == 0)
            throw new ArgumentException("There is no session to make a batch of.", nameof(sessions));
        if (sessions.Any(s => s is not OnnxSession session || session.Decoder != _decoder))
            throw new ArgumentException("A session is of another model.", nameof(sessions));
        return Ability switch
        {
            BatchAbility.AnyLengths => StartRows(sessions),
            BatchAbility.EqualLengths when sessions.Any(s => s.Length != sessions[0].Length) => new LengthGroupedBatch(sessions, StartRows),
            BatchAbility.EqualLengths => StartRows(sessions),
            _ => new SessionBatch(sessions),
        };
    }

    private OnnxBatch StartRows(IReadOnlyList<IDecoderSession> sessions)
    {
        return _decoder.Kind switch
        {
            ModelKind.ConcatCacheDecoder => new ConcatCacheBatch(_decoder, [.. sessions.Cast<ConcatCacheSession>()]),
            ModelKind.SharedCacheDecoder => new SharedCacheBatch(_decoder, [.. sessions.Cast<SharedCacheSession>()]),
            ModelKind.Recurrent => new RecurrentBatch(_decoder, [.. sessions.Cast<RecurrentSession>()], _stateAxes),
            _ => new FeedForwardBatch(_decoder, [.. sessions.Cast<FeedForwardSession>()]),
        };
    }

    /// <summary>
    /// Reads some tokens after two short texts, alone and together, and after one of them beside a longer text. What cannot run, or gives other
    /// logits than rounding explains, is not used.
    /// </summary>
    private Trial Try()
    {
        Trial none = new(BatchAbility.None, KeepsBits: true);
        if (_decoder.Kind == ModelKind.Recurrent)
            _stateAxes = RecurrentBatch.FindAxes(_decoder.Described!);

        // What depends on the batch would make each row depend on the others.
        if (_decoder.DependsOnBatch || (_decoder.Kind == ModelKind.Recurrent && _stateAxes.IsEmpty))
            return none;

        // The trial itself needs some room.
        if (_decoder.ContextLength < LongerText + TrialSteps)
            return none;
        using var one = Read(ShortText, first: 1);
        using var other = Read(ShortText, first: 2);
        try
        {
            var (isRight, keepsBits) = TryRows(one, other);
            return isRight ? new Trial(TryPadding(one, other) ? BatchAbility.AnyLengths : BatchAbility.EqualLengths, keepsBits) : none;
        }
        catch (ModelRunException)
        {
            // Such as an export for batches of one.
            return none;
        }
    }

    private (bool IsRight, bool KeepsBits) TryRows(IDecoderSession one, IDecoderSession other)
    {
        using IDecoderSession oneAlone = one.Fork(), otherAlone = other.Fork();
        using var batch = StartRows([.. Enumerable.Range(0, TrialRows).Select(row => row % 2 == 0 ? one : other)]);
        var keepsBits = true;
        var tokens = new int[TrialRows];
        for (var step = 0; step < TrialSteps; step++)
        {
            int[] token = [Token(step)];
            Array.Fill(tokens, token[0]);
            batch.Forward(tokens);
            var expected = oneAlone.Forward(token).Last;
            var different = otherAlone.Forward(token).Last;
            var distance = TensorPrimitives.Distance(expected, different);
            for (var row = 0; row < TrialRows; row++)
            {
                var alone = row % 2 == 0 ? expected : different;
                if (!IsWithin(batch.LogitsOf(row), alone, MostRounding * distance))
                    return (false, false);
                keepsBits &= batch.LogitsOf(row).SequenceEqual(alone);
            }
        }

        return (true, keepsBits);
    }

    private bool TryPadding(IDecoderSession one, IDecoderSession other)
    {
        try
        {
            using var longer = Read(LongerText, first: 3);
            using var equal = StartRows([one, other]);
            using var padded = StartRows([one, longer]);
            equal.Forward([Token(0), Token(0)]);
            padded.Forward([Token(0), Token(0)]);
            var distance = TensorPrimitives.Distance(equal.LogitsOf(0), equal.LogitsOf(1));
            return IsWithin(padded.LogitsOf(0), equal.LogitsOf(0), MostPadding * distance);
        }
        catch (ModelRunException)
        {
            return false;
        }
    }

    private IDecoderSession Read(int length, int first)
    {
        var session = _decoder.StartSession();
        session.Forward([.. Enumerable.Range(0, length).Select(i => Token(first + 5 * i))]);
        return session;
    }

    private int Token(int number) => number % _decoder.VocabularySize;

    private static bool IsWithin(ReadOnlySpan<float> one, ReadOnlySpan<float> other, float distance) =>
        // Not a number is not within.
        TensorPrimitives.Distance(one, other) <= distance;

    private readonly record struct Trial(BatchAbility Ability, bool KeepsBits);
}

/// <summary>Which sequences of a model can run together.</summary>
internal enum BatchAbility
{
    /// <summary>None: its rows run one after the other.</summary>
    None,

    /// <summary>Those of one length, since padding would shift the others' positions.</summary>
    EqualLengths,

    /// <summary>All.</summary>
    AnyLengths,
}
