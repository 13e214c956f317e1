using System.Runtime.Intrinsics;

namespace LmPlayground.Sampling.Numerics;

/// <summary>Sums across vector lanes in the lanes' order. (<see cref="Vector512.Sum{T}"/> may add in another order on other hardware.)</summary>
internal static class Lanes
{
    internal static double Sum(Vector512<double> low, Vector512<double> high)
    {
        var sum = 0.0;
        for (var lane = 0; lane < Vector512<double>.Count; lane++)
            sum += low[lane];
        for (var lane = 0; lane < Vector512<double>.Count; lane++)
            sum += high[lane];
        return sum;
    }
}
