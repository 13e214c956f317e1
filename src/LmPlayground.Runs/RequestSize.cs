using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Runs;

/// <summary>How much memory a request keeps: an estimate from the layout of objects in a 64-bit process.</summary>
internal static class RequestSize
{
    /// <summary>What an object, or an entry of the request, takes besides its content.</summary>
    private const int Overhead = 64;

    /// <summary>The bytes of a request with its texts, its lists and its columns.</summary>
    internal static long Of(RunRequest request) => Overhead + request.Chosen.Sum(choice => Overhead + OfValue(choice.Value));

    private static long OfValue(object value) => value switch
    {
        string text => sizeof(char) * (long)text.Length,
        ValueList<int> ids => sizeof(int) * (long)ids.Count,
        ValueList<string> texts => texts.Items.Sum(text => Overhead + OfValue(text)),
        ValueList<RunRequest> requests => requests.Items.Sum(Of),
        _ => 0,
    };
}
