using BenchmarkDotNet.Running;
using Kuzzle.Edge.Benchmarks.Koncorde;

switch (args)
{
    case ["koncorde-workload", var file, var shape, var count]:
        KoncordeWorkload.Write(file, shape, int.Parse(count, System.Globalization.CultureInfo.InvariantCulture));
        break;
    case ["koncorde", var file]:
        Console.WriteLine(KoncordeSubject.Measure(file));
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        break;
}
