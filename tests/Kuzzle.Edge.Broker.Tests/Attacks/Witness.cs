using System.Diagnostics;
using Kuzzle.Edge.Broker.Tests.Wire;

namespace Kuzzle.Edge.Broker.Tests.Attacks;

/// <summary>A client that keeps the rules and must be served whatever happens beside it, and a look at what the process holds.</summary>
internal sealed class Witness
{
    private static readonly TimeSpan InTime = TimeSpan.FromSeconds(5); // Two would do on a machine with nothing else to do.

    private readonly WireClient _client;
    private readonly long _heldBefore = Held();

    private Witness(WireClient client) => _client = client;

    public static async Task<Witness> OfAsync(BrokerUnderTest broker)
    {
        var client = await broker.ConnectAsync("witness");
        await client.SubscribeAsync("witness/only");
        return new Witness(client);
    }

    /// <summary>What it publishes to itself comes back in time.</summary>
    public async Task IsServedAsync()
    {
        var watch = Stopwatch.StartNew();
        await _client.SendAsync(Packet.Publish("witness/only", "?"));
        (await _client.ReceivePublishAsync()).Payload.ShouldBe("?");
        watch.Elapsed.ShouldBeLessThan(InTime);
    }

    /// <summary>How many bytes the process holds that it did not hold when this began.</summary>
    public long HoldsMore() => Held() - _heldBefore;

    private static long Held() => GC.GetTotalMemory(forceFullCollection: true);
}
