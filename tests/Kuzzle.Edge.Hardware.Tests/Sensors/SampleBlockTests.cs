using FsCheck;
using FsCheck.Fluent;
using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Hardware.Tests.Sensors;

public sealed class SampleBlockTests
{
    [Fact]
    public void Many_samples_in_short()
    {
        var block = SampleBlock.Of([3, -4, 3, -4, 5], mostInSeries: 2);

        (block.Count, block.Min, block.Max).ShouldBe((5, -4, 5));
        block.Mean.ShouldBe(0.6, 1e-12);
        block.Rms.ShouldBe(Math.Sqrt(15), 1e-12);
        block.Series.Select(value => Math.Round(value, 9)).ShouldBe([-0.5, Math.Round(4.0 / 3, 9)]);
    }

    [Fact]
    public void A_series_that_may_be_longer_is_the_samples_themselves() => SampleBlock.Of([3, -4], mostInSeries: 10).Series.ShouldBe([3, -4]);

    [Fact]
    public void The_mean_lies_between_the_extremes_and_the_rms_is_no_less_than_its_size() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<short[]>().Filter(samples => samples.Length > 0),
            samples =>
            {
                var block = SampleBlock.Of([.. samples.Select(sample => (double)sample)], mostInSeries: 3);
                return block.Min <= block.Mean && block.Mean <= block.Max && block.Rms >= Math.Abs(block.Mean) - 1e-6 && block.Series.Count == Math.Min(3, samples.Length);
            }).QuickCheckThrowOnFailure();
}
