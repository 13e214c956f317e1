using System.Net.Sockets;
using System.Security.Cryptography;
using LmPlayground.Models.Hub;
using LmPlayground.Runs.Settings.Formats;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Hosting;

/// <summary>What keeps the server from starting, in one line: what is wrong and what to do.</summary>
internal static class StartFaults
{
    /// <summary>The line for an exception of the start, or null for one that no option causes.</summary>
    internal static string? Explain(Exception exception)
    {
        if (Faults(exception) is { Length: > 0 } faults)
            return $"The configuration is wrong: {string.Join("; ", faults)}.";
        return exception switch
        {
            AggregateException { InnerExceptions: [var only] } => Explain(only),
            HubException => Line(exception),
            _ when Inner<SocketException>(exception) is { SocketErrorCode: SocketError.AddressAlreadyInUse } =>
                $"The server cannot listen: {Line(exception)} Another program uses the port: end it, or choose another with --urls http://127.0.0.1:PORT.",
            _ when Inner<SocketException>(exception) is { } socket => $"The server cannot listen: {Line(exception)} ({socket.SocketErrorCode}). Choose another address with --urls.",
            _ when Inner<CryptographicException>(exception) is { } crypto =>
                $"The certificate for https cannot be read: {Line(crypto)} Check Kestrel's certificate path and password, or listen on http.",
            InvalidOperationException when exception.Message.Contains("HTTPS", StringComparison.OrdinalIgnoreCase) =>
                "An https address needs a certificate, and none is configured: set Kestrel:Certificates:Default:Path and :Password, or listen on http with --urls.",
            InvalidDataException or System.Text.Json.JsonException => $"The configuration cannot be read: {Line(exception)} {(exception.InnerException is { } inner ? Line(inner) : "")}".TrimEnd(),
            IOException or UnauthorizedAccessException => $"The server cannot start: {Line(exception)}",
            ArgumentOutOfRangeException { ParamName: "port" } => "The configuration is wrong: a port of an address is a number from 0 to 65535. Check --urls.",
            FormatException or UriFormatException or ArgumentException or InvalidOperationException or NotSupportedException =>
                $"The configuration is wrong: {Line(exception).TrimEnd('.')}. Check --urls, the environment variables and appsettings.json.",
            _ => null,
        };
    }

    private static string[] Faults(Exception exception) => exception switch
    {
        OptionsValidationException one => [.. one.Failures.Select(Short)],
        AggregateException several => [.. several.InnerExceptions.SelectMany(inner => Faults(inner) is { Length: > 0 } faults ? faults : [Line(inner).TrimEnd('.')])],
        _ => [],
    };

    private static T? Inner<T>(Exception exception)
        where T : Exception => exception as T ?? (exception.InnerException is { } inner ? Inner<T>(inner) : null);

    /// <summary>The first line of a message: what follows it in .NET's own messages is for programmers.</summary>
    private static string Line(Exception exception) => Short(exception.Message.Split('\n')[0].Trim());

    private static string Short(string message) => message.Length <= 2 * Quoted.Most ? EscapedText.Escape(message) : Quoted.Text(message);
}
