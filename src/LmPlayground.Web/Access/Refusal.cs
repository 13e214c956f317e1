namespace LmPlayground.Web.Access;

/// <summary>An answer in plain words in place of what was asked for.</summary>
internal static class Refusal
{
    /// <summary>Answers with a status and what is wrong.</summary>
    internal static Task WriteAsync(HttpContext context, int status, string words)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(words + "\n", context.RequestAborted);
    }
}
