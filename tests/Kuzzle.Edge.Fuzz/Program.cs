using System.Globalization;
using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Fuzz;
using Kuzzle.Edge.Fuzz.Brokers;
using Kuzzle.Edge.Fuzz.Codec;

if (args is ["--help" or "-h"])
{
    Console.WriteLine("""
        Feeds mutated MQTT packets to the codec and to a live broker, and fails at the first thing that must never happen.

          --packets N         how many go to the codec (10,000,000)
          --broker-packets N  how many go to a broker without and to one with a store (a tenth of those)
          --seed S            from which the input follows; chosen and printed when absent
        """);
    return 0;
}

long packets = 10_000_000;
long? brokerPackets = null;
var seed = Random.Shared.Next();
for (var i = 0; i < args.Length; i += 2)
{
    var value = i + 1 < args.Length ? args[i + 1] : "";
    if (args[i] == "--packets" && long.TryParse(value, CultureInfo.InvariantCulture, out var count) && count > 0) packets = count;
    else if (args[i] == "--broker-packets" && long.TryParse(value, CultureInfo.InvariantCulture, out count) && count > 0) brokerPackets = count;
    else if (args[i] == "--seed" && int.TryParse(value, CultureInfo.InvariantCulture, out var given)) seed = given;
    else
    {
        Console.Error.WriteLine($"Unknown argument: {args[i]} {value}. Try --help.");
        return 2;
    }
}

try
{
    Console.WriteLine($"seed {seed}");
    Console.WriteLine(await new CodecFuzz(seed, new FuzzLimit(packets, TimeSpan.MaxValue)).RunAsync());
    foreach (var store in (IBrokerStore[])[new MemoryBrokerStore(), new ForgetfulStore()])
    {
        using var broker = new BrokerFuzz(seed, new FuzzLimit(brokerPackets ?? Math.Max(1, packets / 10), TimeSpan.MaxValue), store);
        Console.WriteLine(await broker.RunAsync());
    }

    return 0;
}
catch (Finding finding)
{
    Console.Error.WriteLine($"FOUND {finding}");
    return 1;
}
