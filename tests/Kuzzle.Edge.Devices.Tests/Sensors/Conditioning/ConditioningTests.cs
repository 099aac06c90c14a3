using FsCheck;
using FsCheck.Fluent;
using Kuzzle.Edge.Devices.Sensors;
using Kuzzle.Edge.Devices.Sensors.Conditioning;

namespace Kuzzle.Edge.Devices.Tests.Sensors.Conditioning;

public sealed class ConditioningTests
{
    [Theory]
    [InlineData(Reduction.Mean, 4.0)]
    [InlineData(Reduction.Median, 2.5)]
    [InlineData(Reduction.Min, 1.0)]
    [InlineData(Reduction.Max, 10.0)]
    [InlineData(Reduction.Rms, 5.338539126015656)] // The root of (1 + 100 + 9 + 4) / 4.
    [InlineData(Reduction.Last, 2.0)]
    public void Several_samples_are_one_value(Reduction reduction, double expected)
    {
        var window = new SampleWindow(4, reduction);

        double?[] taken = [window.Add(1), window.Add(10), window.Add(3), window.Add(2)];

        taken.ShouldBe([null, null, null, expected]);
        window.Add(7).ShouldBeNull("the next value begins anew");
    }

    [Fact]
    public void A_mean_lies_between_the_least_and_the_greatest_sample() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<NormalFloat[]>().Filter(samples => samples.Length > 0),
            samples =>
            {
                var window = new SampleWindow(samples.Length, Reduction.Mean);
                var values = samples.Select(sample => sample.Get).ToArray();
                var mean = values.Select(window.Add).ToList()[^1]!.Value;
                var slack = (Math.Abs(values.Min()) + Math.Abs(values.Max())) * 1e-9;
                return mean >= values.Min() - slack && mean <= values.Max() + slack;
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void Within_the_dead_band_nothing_is_told_until_the_longest_silence_is_over()
    {
        var gate = new PublicationGate(0.5, TimeSpan.Zero, TimeSpan.FromSeconds(60));

        gate.Passes(20, Seconds(0)).ShouldBeTrue("the first of all");
        gate.Passes(20.4, Seconds(10)).ShouldBeFalse();
        gate.Passes(20.5, Seconds(20)).ShouldBeTrue();
        gate.Passes(20.5, Seconds(79)).ShouldBeFalse();
        gate.Passes(20.5, Seconds(80)).ShouldBeTrue("a minute since the last");
    }

    [Fact]
    public void Slow_drift_is_told_when_it_has_crossed_the_dead_band_in_all()
    {
        var gate = new PublicationGate(1, TimeSpan.Zero, TimeSpan.Zero);

        var told = Enumerable.Range(0, 101).Where(step => gate.Passes(step * 0.125, Seconds(step))).ToList();

        told.ShouldBe([.. Enumerable.Range(0, 13).Select(step => step * 8)]);
    }

    [Fact]
    public void Nothing_is_told_more_often_than_the_least_interval_says()
    {
        var gate = new PublicationGate(0, TimeSpan.FromSeconds(10), TimeSpan.Zero);

        Enumerable.Range(0, 25).Where(second => gate.Passes(second, Seconds(second))).ShouldBe([0, 10, 20]);
    }

    [Fact]
    public void An_alarm_ends_only_well_within_its_bound()
    {
        var watch = new AlarmWatch(new AlarmOptions { Name = "hot", Above = 30, Hysteresis = 2 });

        double[] samples = [29, 30, 30.1, 29, 28.1, 30.5, 28, 31];
        samples.Select(watch.Changes).ShouldBe([false, false, true, false, false, false, true, true]);
    }

    [Fact]
    public void An_alarm_can_have_two_bounds()
    {
        var watch = new AlarmWatch(new AlarmOptions { Name = "range", Above = 30, Below = 10, Hysteresis = 1 });

        double[] samples = [20, 9, 10.5, 11, 31];
        samples.Select(watch.Changes).ShouldBe([false, true, false, true, true]);
    }

    [Fact]
    public void Raised_and_ended_follow_each_other_whatever_is_measured() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<NormalFloat[]>(),
            samples =>
            {
                var watch = new AlarmWatch(new AlarmOptions { Name = "any", Above = 5, Below = -5, Hysteresis = 1 });
                var before = false;
                foreach (var sample in samples)
                {
                    if (watch.Changes(sample.Get) == (watch.IsRaised == before)) return false;
                    before = watch.IsRaised;
                }

                return true;
            }).QuickCheckThrowOnFailure();

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
