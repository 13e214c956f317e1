using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LmPlayground.Models.Onnx;

/// <summary>Switches ONNX Runtime's telemetry off.</summary>
/// <remarks>
/// The official builds of ONNX Runtime make a device id and a queue of events below the user's cache folder as soon as the library is
/// initialized, and send the queue to Microsoft some seconds later. <c>OrtEnv.DisableTelemetryEvents</c> comes after that; the variable
/// <c>ORT_DISABLE_TELEMETRY</c>, read at the initialization, keeps all of it from being made (Privacy.md in the package).
/// </remarks>
public static partial class OnnxTelemetry
{
    private const string Variable = "ORT_DISABLE_TELEMETRY";
    private const string Off = "1";

    /// <summary>
    /// Switches it off for this process and those that it starts, whatever the variable says. Runs by itself before any other code of this
    /// assembly; only who uses ONNX Runtime without this assembly's types must call it, before the first use.
    /// </summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255:The 'ModuleInitializer' attribute should not be used in libraries", Justification = "No user of the library may come to the native library before it.")]
    public static void SwitchOff()
    {
        Environment.SetEnvironmentVariable(Variable, Off);

        // Outside of Windows .NET keeps a copy of the environment; native code reads the process's own.
        if (!OperatingSystem.IsWindows() && SetVariable(Variable, Off, overwrite: 1) != 0)
            throw new InvalidOperationException($"ONNX Runtime's telemetry cannot be switched off: setenv {Variable} failed ({Marshal.GetLastPInvokeError()}).");
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "setenv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
