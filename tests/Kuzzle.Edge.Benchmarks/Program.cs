using BenchmarkDotNet.Running;
using Kuzzle.Edge.Benchmarks.Documents;
using Kuzzle.Edge.Benchmarks.Requests;

// "requests" is a load on a running gateway, "documents" one on a store; everything else is for BenchmarkDotNet.
if (args is ["requests", .. var requests]) return RequestLoad.Run(requests);
if (args is ["documents", .. var documents]) return await DocumentsBenchmark.RunAsync(documents);

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
