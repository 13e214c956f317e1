using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Browser;

/// <summary>A token was clicked or reached by keyboard, in the text or in the strip.</summary>
public sealed class TokenSelectEventArgs : EventArgs
{
    /// <summary>Its index in the run, from 0.</summary>
    public int Index { get; set; }

    /// <summary>Whether it was pointed at or confirmed, not only passed: on a narrow page its sheet opens.</summary>
    public bool Open { get; set; }
}

/// <summary>The prompt box holds another text.</summary>
public sealed class PromptEditEventArgs : EventArgs
{
    /// <summary>The text, or null if it is too long or no valid Unicode: then it is fetched as a stream of UTF-16.</summary>
    public string? Text { get; set; }
}

/// <summary>A key that runs or stops from anywhere on the page.</summary>
public sealed class RunKeyEventArgs : EventArgs
{
    /// <summary>"generate" or "stop".</summary>
    public string Action { get; set; } = "";
}

/// <summary>The events that js/LmPlayground.Web.lib.module.js registers.</summary>
[EventHandler("ontokenselect", typeof(TokenSelectEventArgs), enableStopPropagation: true, enablePreventDefault: false)]
[EventHandler("onpromptedit", typeof(PromptEditEventArgs), enableStopPropagation: true, enablePreventDefault: false)]
[EventHandler("onrunkey", typeof(RunKeyEventArgs), enableStopPropagation: true, enablePreventDefault: false)]
public static class EventHandlers
{
}
