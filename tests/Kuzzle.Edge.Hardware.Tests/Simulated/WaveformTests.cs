using FsCheck;
using FsCheck.Fluent;
using Kuzzle.Edge.Hardware.Simulated;

namespace Kuzzle.Edge.Hardware.Tests.Simulated;

public sealed class WaveformTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(Waveform.Square, 0, 30)]
    [InlineData(Waveform.Square, 29, 30)]
    [InlineData(Waveform.Square, 31, 10)]
    [InlineData(Waveform.Sawtooth, 0, 10)]
    [InlineData(Waveform.Sawtooth, 15, 15)]
    [InlineData(Waveform.Sawtooth, 30, 20)]
    [InlineData(Waveform.Sine, 15, 30)]
    [InlineData(Waveform.Sine, 45, 10)]
    public void A_shape_is_where_it_should_be(Waveform shape, int seconds, double value) =>
        Source(1, shape).Measure(DateTimeOffset.UnixEpoch.AddSeconds(seconds)).Value.ShouldBe(value, 1e-9);

    [Fact]
    public void The_same_seed_and_time_give_the_same_value_and_none_leaves_its_amplitude() => Prop.ForAll(
        Gen.Choose(0, 1000).SelectMany(seed => Gen.Choose(0, int.MaxValue).SelectMany(time => Gen.Elements(Enum.GetValues<Waveform>()).Select(shape => (seed, time, shape)))).ToArbitrary(),
        sample =>
        {
            var at = DateTimeOffset.UnixEpoch.AddMilliseconds(sample.time * 100.0);
            var value = Source(sample.seed, sample.shape).Measure(at).Value;
            return value == Source(sample.seed, sample.shape).Measure(at).Value && value is >= 10 and <= 30;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_walk_goes_in_small_steps_and_yet_somewhere()
    {
        var source = Source(7, Waveform.RandomWalk);
        var values = Enumerable.Range(0, 3600).Select(second => source.Measure(DateTimeOffset.UnixEpoch.AddSeconds(second)).Value).ToList();

        values.Zip(values.Skip(1), (one, next) => Math.Abs(next - one)).Max().ShouldBeLessThan(3);
        (values.Max() - values.Min()).ShouldBeGreaterThan(5);
        Source(8, Waveform.RandomWalk).Measure(DateTimeOffset.UnixEpoch).Value.ShouldNotBe(values[0]);
    }

    private static SimulatedSource Source(int seed, Waveform shape) => new(seed, mean: 20, amplitude: 10, Minute, shape, noise: 0);
}
