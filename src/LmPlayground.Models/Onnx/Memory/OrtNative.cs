using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LmPlayground.Tokenizers;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LmPlayground.Models.Onnx.Memory;

/// <summary>The few calls of ONNX Runtime's C interface that bind a tensor without a managed allocation.</summary>
/// <remarks>
/// <para><c>OrtIoBinding.BindInput</c> encodes the name anew and wants an <c>OrtValue</c> object: with a concatenating
/// cache, where every tensor of every layer is bound again at every token, that is some 10 kB a token for 30 layers.</para>
/// <para>The table of functions is the one that the managed package publishes (<see cref="OrtApi"/>); the C interface
/// only ever appends to it. See onnxruntime_c_api.h.</para>
/// </remarks>
internal static unsafe partial class OrtNative
{
    /// <summary>The version whose functions are used here: all of them are in version 14, which the managed package asks for itself.</summary>
    private const uint ApiVersion = 14;

    private static readonly OrtApi* Api = GetApi();
    private static readonly nint CpuMemory = CreateCpuMemoryInfo();

    /// <summary>Binds <paramref name="shape"/> values at <paramref name="data"/> to the input or output <paramref name="name"/>.</summary>
    /// <param name="binding">The binding; it remembers address and shape, not the data.</param>
    /// <param name="name">The tensor's name in UTF-8, ended by a zero.</param>
    /// <param name="isInput">Whether it is an input.</param>
    /// <param name="data">The first value. It must stay valid as long as it is bound.</param>
    /// <param name="byteLength">How many bytes are there.</param>
    /// <param name="type">Type of the values.</param>
    /// <param name="shape">Length of each dimension.</param>
    /// <exception cref="ModelRunException">ONNX Runtime refuses the tensor.</exception>
    public static void Bind(OrtIoBinding binding, ReadOnlySpan<byte> name, bool isInput, void* data, long byteLength, TensorElementType type, ReadOnlySpan<long> shape)
    {
        nint value;
        fixed (long* dimensions = shape)
        {
            var create = (delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint>)Api->CreateTensorWithDataAsOrtValue;
            Check(create(CpuMemory, data, (nuint)byteLength, dimensions, (nuint)shape.Length, (int)type, &value));
        }

        try
        {
            fixed (byte* utf8 = name)
            {
                var bind = (delegate* unmanaged<nint, byte*, nint, nint>)(isInput ? Api->BindInput : Api->BindOutput);
                Check(bind(binding.DangerousGetHandle(), utf8, value));
            }
        }
        finally
        {
            // The binding holds its own reference.
            ((delegate* unmanaged<nint, void>)Api->ReleaseValue)(value);
        }

        GC.KeepAlive(binding);
    }

    private static OrtApi* GetApi()
    {
        // The managed package finds and loads the native library when it makes the environment.
        RuntimeHelpers.RunClassConstructor(typeof(OrtEnv).TypeHandle);
        var getApi = (delegate* unmanaged<uint, OrtApi*>)OrtGetApiBase()->GetApi;
        return getApi(ApiVersion);
    }

    private static nint CreateCpuMemoryInfo()
    {
        const int deviceAllocator = 0;
        const int defaultMemory = 0;
        nint info;
        Check(((delegate* unmanaged<int, int, nint*, nint>)Api->CreateCpuMemoryInfo)(deviceAllocator, defaultMemory, &info));
        return info;
    }

    private static void Check(nint status)
    {
        if (status != 0)
            Throw(status);
    }

    private static void Throw(nint status)
    {
        var message = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint, nint>)Api->GetErrorMessage)(status)) ?? "unknown error";
        ((delegate* unmanaged<nint, void>)Api->ReleaseStatus)(status);
        throw new ModelRunException($"ONNX Runtime could not bind a tensor: {message}");
    }

    [LibraryImport("onnxruntime")]
    private static partial OrtApiBase* OrtGetApiBase();
}
