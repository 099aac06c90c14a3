using System.Globalization;
using BenchmarkDotNet.Running;
using Kuzzle.Edge.Benchmarks.Documents;
using Kuzzle.Edge.Benchmarks.Koncorde;
using Kuzzle.Edge.Benchmarks.Requests;
using Kuzzle.Edge.Benchmarks.Sync;

// What scripts/bench drives by itself; everything else is for BenchmarkDotNet.
switch (args)
{
    case ["requests", .. var options]:
        return RequestLoad.Run(options);
    case ["sync", .. var options]:
        return await SyncBenchmark.RunAsync(options);
    case ["documents", .. var options]:
        return await DocumentsBenchmark.RunAsync(options);
    case ["koncorde-workload", var file, var shape, var count]:
        KoncordeWorkload.Write(file, shape, int.Parse(count, CultureInfo.InvariantCulture));
        return 0;
    case ["koncorde", var file]:
        Console.WriteLine(KoncordeSubject.Measure(file));
        return 0;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
