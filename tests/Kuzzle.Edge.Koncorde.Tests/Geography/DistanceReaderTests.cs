using Kuzzle.Edge.Koncorde.Geography;

namespace Kuzzle.Edge.Koncorde.Tests.Geography;

public sealed class DistanceReaderTests
{
    [Theory]
    [InlineData("1km", 1000)]
    [InlineData("1,000 km", 1000)]
    [InlineData(" 1 000 meters ", 1000)]
    [InlineData("-2km", 2000)]
    [InlineData("+5KM", 5000)]
    [InlineData(".5 m", 0.5)]
    [InlineData("1ft", 0.3048)]
    [InlineData("2 feet", 0.6096)]
    [InlineData("1 inch", 0.0254)]
    [InlineData("3 inches", 0.0762)]
    [InlineData("1yd", 0.9144)]
    [InlineData("1 mile", 1609.34)]
    [InlineData("1kmi", 1_609_340)]
    [InlineData("1Mm", 0.001)]
    [InlineData("1 megameter", 1_000_000)]
    [InlineData("1dam", 10)]
    [InlineData("1 dekameter", 10)]
    [InlineData("1mum", 1e-6)]
    [InlineData("1 kilofeet", 304.8)]
    public void A_distance_is_a_number_and_a_unit(string text, double metres)
    {
        DistanceReader.TryRead(text, out var read).ShouldBeTrue();
        read.ShouldBe(metres, metres * 1e-12);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1000")]
    [InlineData("km")]
    [InlineData("abc5km")]
    [InlineData("1.5e3m")]
    [InlineData("1 kilometre")]
    [InlineData("1 foot")]
    [InlineData("1 decameter")]
    [InlineData("1kmeter")]
    [InlineData("5min")]
    [InlineData("60s")]
    [InlineData("1h")]
    [InlineData("++5km")]
    [InlineData("5.km")]
    [InlineData("10 parsecs")]
    [InlineData("٣m")]
    public void Anything_else_is_no_distance(string text) => DistanceReader.TryRead(text, out _).ShouldBeFalse();
}
