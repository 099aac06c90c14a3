using System.Threading.Channels;
using Kuzzle.Edge.Hardware.Gpio;

namespace Kuzzle.Edge.Hardware.Tests.Gpio;

public sealed class EdgeFrequencySourceTests : IDisposable
{
    private readonly CountingInput _input = new();
    private readonly Uptime _clock = new();

    public void Dispose() => _input.Dispose();

    [Fact]
    public void A_steady_signal_is_measured_by_the_timestamps_of_its_edges_and_not_by_the_time_of_asking()
    {
        var source = Source(edgesPerCycle: 2);
        _input.Count = new EdgeCount(10, 0, 0, 1_000_000_000);
        source.Measure(default);

        _input.Count = new EdgeCount(110, 0, 0, 2_000_000_000);

        source.Measure(default).Value.ShouldBe(50, 1e-9);
    }

    [Fact]
    public void Before_two_edges_there_is_no_frequency()
    {
        var source = Source();
        source.Measure(default).Value.ShouldBe(0);

        _input.Count = new EdgeCount(1, 0, 0, Now);

        source.Measure(default).Value.ShouldBe(0);
    }

    [Fact]
    public void A_signal_that_stops_falls_with_the_time_and_is_zero_after_the_silence()
    {
        var source = Source();
        var start = Now;
        _input.Count = new EdgeCount(10, 0, 0, start - 1_000_000_000);
        source.Measure(default);
        _input.Count = new EdgeCount(20, 0, 0, start);
        source.Measure(default).Value.ShouldBe(10, 1e-6);

        _clock.Nanoseconds += 2_000_000_000;
        source.Measure(default).Value.ShouldBe(0.5, 1e-6);
        _clock.Nanoseconds += 4_000_000_000;

        source.Measure(default).Value.ShouldBe(0);
    }

    [Fact]
    public void A_counter_is_worth_what_an_edge_is_worth()
    {
        _input.Count = new EdgeCount(1234, 34, 0, 1);

        new EdgeCounterSource(_input, perEdge: 0.001, "kWh").Measure(default).Value.ShouldBe(1.234, 1e-12);
    }

    [Fact]
    public void A_line_that_has_gone_is_a_fault_and_not_a_standstill()
    {
        _input.Channel.Writer.Complete();

        Source().Measure(default).Fault!.ShouldContain("reports no edges any more");
        new EdgeCounterSource(_input).Measure(default).IsGood.ShouldBeFalse();
    }

    private long Now => _clock.Nanoseconds;

    private EdgeFrequencySource Source(int edgesPerCycle = 1) => new(_input, _clock, edgesPerCycle, TimeSpan.FromSeconds(5));

    /// <summary>CLOCK_MONOTONIC, turned by hand.</summary>
    private sealed class Uptime : TimeProvider
    {
        public long Nanoseconds { get; set; } = 3_600_000_000_000;

        public override long TimestampFrequency => 1_000_000_000;

        public override long GetTimestamp() => Nanoseconds;
    }

    private sealed class CountingInput : IGpioInput
    {
        public Channel<GpioEdge> Channel { get; } = System.Threading.Channels.Channel.CreateUnbounded<GpioEdge>();

        public GpioLineInfo Line { get; } = new("gpiochip0", 4, "METER", "kuzzle-edge", IsUsed: true, IsOutput: false, IsActiveLow: false, GpioBias.AsIs);

        public ChannelReader<GpioEdge> Edges => Channel.Reader;

        public EdgeCount Count { get; set; }

        public Outcome<bool> Read() => true;

        public HardwareFault? Reconfigure(GpioInputRequest request) => null;

        public void Dispose()
        {
        }
    }
}
