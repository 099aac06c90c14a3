using BenchmarkDotNet.Running;
using Kuzzle.Edge.Benchmarks.Documents;

if (args is ["documents", .. var options]) return await DocumentsBenchmark.RunAsync(options);

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
