// The bare loops use ONNX Runtime itself, without this repository's types before it.
LmPlayground.Models.Onnx.OnnxTelemetry.SwitchOff();
return await LmPlayground.Benchmarks.BenchmarkCommand.RunAsync(args, Console.Out, Console.Error);
