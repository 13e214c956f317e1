namespace LmPlayground.Web.Access;

/// <summary>What a client does that takes something from others.</summary>
internal enum ClientAct
{
    /// <summary>It asks for a page.</summary>
    AskForPage,

    /// <summary>It has a page open: the lease is held for as long.</summary>
    HavePageOpen,

    /// <summary>It has a shared demo kept.</summary>
    StoreDemo,

    /// <summary>It reports a shared demo to the operator.</summary>
    ReportDemo,

    /// <summary>It gives what it says is the administrator's key.</summary>
    GiveKey,
}
