namespace LmPlayground.Web.State;

/// <summary>The names in a page's address besides those of the stages' parameters.</summary>
internal static class AddressNames
{
    public const string Model = "model";
    public const string Prompt = "prompt";
    public const string PromptReference = "prompt_ref";
    public const string Chat = "chat";
    public const string System = "system";
    public const string Source = "source";
    public const string SourceReference = "source_ref";
    public const string Order = "order";
    public const string FillOrder = "fill_order";
    public const string Seed = "seed";
    public const string MaxNewTokens = "max_new_tokens";
    public const string IgnoreEndOfSequence = "ignore_eos";
    public const string StopString = "stop";
    public const string IncludeStopString = "include_stop_str_in_output";
    public const string StopTokenId = "stop_token_id";

    /// <summary>The longest prompt that an address carries, encoded; servers and proxies refuse lines above 8 kB.</summary>
    public const int LongestPrompt = 6_000;

    /// <summary>The most tokens that can be asked for at once.</summary>
    public const int MostNewTokens = 100_000;
}
