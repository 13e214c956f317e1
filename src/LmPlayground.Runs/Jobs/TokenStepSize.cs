using System.Runtime.CompilerServices;
using LmPlayground.Generation;
using LmPlayground.Sampling.Tracing;

namespace LmPlayground.Runs.Jobs;

/// <summary>How much memory a step keeps: an estimate from the layout of objects in a 64-bit process.</summary>
public static class TokenStepSize
{
    private const int Header = 16;
    private const int Reference = 8;

    // Four ints and flags, five doubles, six references or arrays, the draw, two optional doubles, the optional reason.
    private const int Step = Header + 4 * 4 + 5 * 8 + 7 * Reference + 32 + 2 * 16 + 8;

    // Two ints, four doubles, two references.
    private const int Candidate = Header + 2 * 4 + 4 * 8 + 2 * Reference;

    // Two ints, two doubles, one reference.
    private const int Others = Header + 2 * 4 + 2 * 8 + Reference;

    /// <summary>
    /// The bytes of one step with all that is its own: stages, candidates, texts. The labels of tokens are not: each is made once for a
    /// whole vocabulary.
    /// </summary>
    public static long Of(TokenStep step) =>
        Step + Others
        + Text(step.Text) + (ReferenceEquals(step.Released, step.Text) ? 0 : Text(step.Released))
        + Array(step.Stages.Length, Unsafe.SizeOf<StageTrace>())
        + Array(step.Top.Length, Reference) + (long)step.Top.Length * Candidate;

    private static long Text(string text) => text.Length == 0 ? 0 : Aligned(Header + 4 + 2L * (text.Length + 1));

    private static long Array(int length, int size) => length == 0 ? 0 : Aligned(Header + 8 + (long)length * size);

    private static long Aligned(long bytes) => (bytes + 7) & ~7;
}
