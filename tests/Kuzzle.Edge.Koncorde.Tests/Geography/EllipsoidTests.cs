using FsCheck;
using FsCheck.Fluent;
using Kuzzle.Edge.Koncorde.Geography;

namespace Kuzzle.Edge.Koncorde.Tests.Geography;

public sealed class EllipsoidTests
{
    [Theory]
    [InlineData(0, 0, 0, 1, 111_319.491)] // a degree of the equator
    [InlineData(0, 0, 1, 0, 110_574.389)] // a degree of the meridian there
    [InlineData(89, 0, 90, 0, 111_693.865)] // and at the pole
    [InlineData(0, 0, 90, 0, 10_001_965.729)] // a quarter of the meridian
    [InlineData(48.8566, 2.3522, 40.7128, -74.006, 5_852_935)] // Paris to New York
    [InlineData(0, 179.5, 0, -179.5, 111_319.491)]
    [InlineData(10, 20, 10, 20, 0)]
    public void Distances_are_those_of_WGS84(double latitude, double longitude, double otherLatitude, double otherLongitude, double metres) =>
        Ellipsoid.Distance(new GeoPoint(latitude, longitude), new GeoPoint(otherLatitude, otherLongitude)).ShouldBe(metres, Math.Max(metres * 1e-5, 1e-6));

    [Theory]
    [InlineData(0, 0, 0, 180)]
    [InlineData(0, 0, 0.5, 179.7)]
    [InlineData(30, 0, -30, 180)]
    [InlineData(90, 0, -90, 0)]
    public void The_other_end_of_the_earth_is_twenty_thousand_kilometres_away(double latitude, double longitude, double otherLatitude, double otherLongitude) =>
        Ellipsoid.Distance(new GeoPoint(latitude, longitude), new GeoPoint(otherLatitude, otherLongitude)).ShouldBe(20_003_932, 100_000);

    [Fact]
    public void A_straight_line_through_the_earth_never_tells_a_wrong_distance() => Prop.ForAll<int>(static seed =>
    {
        var random = new Random(seed);
        for (var i = 0; i < 100; i++)
        {
            var from = new GeoPoint((random.NextDouble() * 180) - 90, (random.NextDouble() * 360) - 180);
            var reach = Math.Pow(10, (random.NextDouble() * 6) - 4);
            var to = new GeoPoint(Math.Clamp(from.Latitude + ((random.NextDouble() - 0.5) * reach), -90, 90), from.Longitude + ((random.NextDouble() - 0.5) * reach));
            var distance = Ellipsoid.Distance(from, to);
            if (distance > 19_000_000) continue; // Vincenty's formula itself is no measure there

            var chord = (Ellipsoid.Position(from) - Ellipsoid.Position(to)).Length;
            chord.ShouldBeGreaterThanOrEqualTo(Ellipsoid.CertainChord(distance) - 1e-4, $"{from} {to}");
            chord.ShouldBeLessThanOrEqualTo(Ellipsoid.PossibleChord(distance) + 1e-4, $"{from} {to}");
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_bounds_of_a_circle_hold_the_circle() => Prop.ForAll<int>(static seed =>
    {
        var random = new Random(seed);
        for (var i = 0; i < 100; i++)
        {
            var centre = new GeoPoint((random.NextDouble() * 180) - 90, (random.NextDouble() * 360) - 180);
            var radius = Math.Pow(10, 1 + (random.NextDouble() * 6));
            var ring = new GeoRing(centre, inner: null, radius);
            var degrees = radius / 50_000;
            var point = new GeoPoint(Math.Clamp(centre.Latitude + ((random.NextDouble() - 0.5) * degrees), -90, 90), centre.Longitude + ((random.NextDouble() - 0.5) * degrees * 3));
            if (!ring.Contains(new GeoLocation(point))) continue;

            var east = point.Longitude - ring.Bounds.West;
            east -= 360 * Math.Floor(east / 360);
            (point.Latitude >= ring.Bounds.South && point.Latitude <= ring.Bounds.North && east <= ring.Bounds.Width).ShouldBeTrue($"{centre} {radius} {point}");
        }

        return true;
    }).QuickCheckThrowOnFailure();
}
