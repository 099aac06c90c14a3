using BenchmarkDotNet.Running;
using Kuzzle.Edge.Benchmarks.Requests;

// "requests" is a load on a running gateway; everything else is for BenchmarkDotNet.
if (args is ["requests", ..]) return RequestLoad.Run(args[1..]);

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
