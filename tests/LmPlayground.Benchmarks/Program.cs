return await LmPlayground.Benchmarks.BenchmarkCommand.RunAsync(args, Console.Out, Console.Error);
