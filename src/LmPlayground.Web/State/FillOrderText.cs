using LmPlayground.Generation.Masking;

namespace LmPlayground.Web.State;

/// <summary>How an order of filling is written on the command line and in the address.</summary>
internal static class FillOrderText
{
    internal static string Write(FillOrder order) => order == FillOrder.MostCertain ? "most-certain" : "left-to-right";

    internal static FillOrder? Read(string text) => text switch
    {
        "left-to-right" => FillOrder.LeftToRight,
        "most-certain" => FillOrder.MostCertain,
        _ => null,
    };
}
