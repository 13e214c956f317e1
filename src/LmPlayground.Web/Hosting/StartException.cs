namespace LmPlayground.Web.Hosting;

/// <summary>The server cannot start as it was asked to. The message is one line that says why and what to do.</summary>
internal sealed class StartException(string message) : Exception(message);
