using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Broker.Tests.Wire;
using Kuzzle.Edge.Fuzz;
using Kuzzle.Edge.Fuzz.Brokers;
using Kuzzle.Edge.Fuzz.Codec;
using Xunit.Abstractions;

namespace Kuzzle.Edge.Broker.Tests.Fuzz;

/// <summary>A bounded piece of what <c>scripts/fuzz</c> does at length, always with the same input.</summary>
[Collection(nameof(Alone))]
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Seed = 20_261_121;

    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(12);

    [Fact]
    public async Task No_packet_makes_the_codec_throw_overrun_or_allocate_beyond_its_worth()
    {
        var report = await new CodecFuzz(Seed, new FuzzLimit(2_000_000, AtMost)).RunAsync();

        output.WriteLine(report.ToString());
        report.Packets.ShouldBeGreaterThan(50_000);
    }

    [Fact]
    public Task No_packets_make_a_broker_fail_hang_grow_or_say_what_no_server_may() => FeedAsync(new MemoryBrokerStore());

    [Fact]
    public Task Nor_a_broker_that_writes_everything_down() => FeedAsync(new ForgetfulStore());

    private async Task FeedAsync(IBrokerStore store)
    {
        using var fuzz = new BrokerFuzz(Seed, new FuzzLimit(300_000, AtMost), store);

        var report = await fuzz.RunAsync();

        output.WriteLine(report.ToString());
        report.Packets.ShouldBeGreaterThan(5_000);
    }
}
