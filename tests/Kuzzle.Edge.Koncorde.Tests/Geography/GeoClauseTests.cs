namespace Kuzzle.Edge.Koncorde.Tests.Geography;

public sealed class GeoClauseTests
{
    [Theory]
    [InlineData("[43.6,3.9]")]
    [InlineData("[\"43.6abc\",\"3.9\"]")]
    [InlineData("\"43.6, 3.9\"")]
    [InlineData("\" 43.6 ,3.9 \"")]
    [InlineData("""{"lat":43.6,"lon":3.9,"alt":1}""")]
    [InlineData("""{"lat":"43.6","lon":"3.9"}""")]
    [InlineData("""{"lat":43.6,"lon":3.9,"latLon":[0,0]}""")]
    [InlineData("""{"latLon":[43.6,3.9]}""")]
    [InlineData("""{"lat_lon":{"lat":43.6,"lon":3.9}}""")]
    [InlineData("""{"latLon":"43.6,3.9"}""")]
    [InlineData("\"spfb09\"")]
    [InlineData("[43.6,363.9]")]
    public void A_point_has_many_spellings(string point)
    {
        Filter.Matches("""{"geoDistance":{"p":[43.602,3.895],"distance":"1km"}}""", $$"""{"p":{{point}}}""").ShouldBeTrue();
        Filter.RefusalOf($$$"""{"geoDistance":{"p":{{{point}}},"distance":"1km"}}""").ShouldBeNull();
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("\"SPFB09\"")]
    [InlineData("\"spf\"")]
    [InlineData("\"1,2,3\"")]
    [InlineData("[1]")]
    [InlineData("[1,2,3]")]
    [InlineData("[1,null]")]
    [InlineData("[1e999,1]")]
    [InlineData("""{"lat":null,"lon":1,"latLon":[1,2]}""")]
    [InlineData("""{"latitude":1,"longitude":2}""")]
    [InlineData("""{"latLon":null}""")]
    [InlineData("""{"type":"Point","coordinates":[1,2]}""")]
    public void What_is_no_point_is_nowhere(string value)
    {
        const string Everywhere = """{"geoDistance":{"p":[0,0],"distance":"30000km"}}""";

        Filter.Matches(Everywhere, $$"""{"p":{{value}}}""").ShouldBeFalse();
        Filter.Matches($$"""{"not":{{Everywhere}}}""", $$"""{"p":{{value}}}""").ShouldBeTrue();
        Filter.RefusalOf($$$"""{"geoDistance":{"p":{{{value}}},"distance":"1km"}}""").ShouldBe("\"geoDistance.p\": unrecognized point format");
    }

    [Theory]
    [InlineData(5, 175, true)]
    [InlineData(5, -175, true)]
    [InlineData(5, 170, true)]
    [InlineData(10, 190, true)]
    [InlineData(5, 165, false)]
    [InlineData(10.001, 180, false)]
    [InlineData(95, 180, false)]
    public void A_box_can_cross_the_antimeridian(double latitude, double longitude, bool isInside) =>
        Filter.Matches("""{"geoBoundingBox":{"p":{"top":10,"left":170,"bottom":0,"right":190}}}""", FormattableString.Invariant($"{{\"p\":[{latitude},{longitude}]}}")).ShouldBe(isInside);

    [Theory]
    [InlineData(10, 5, true)] // the geodesic between two points of a parallel runs polewards of it
    [InlineData(10.05, 5, false)]
    [InlineData(10, 0, true)] // a corner
    [InlineData(5, 0, true)] // a side along a meridian
    [InlineData(-0.01, 5, false)]
    [InlineData(-5, -175, false)] // the other end of the earth
    public void A_polygon_has_geodesics_for_sides(double latitude, double longitude, bool isInside)
    {
        var document = FormattableString.Invariant($"{{\"p\":[{latitude},{longitude}]}}");

        Filter.Matches("""{"geoPolygon":{"p":{"points":[[0,0],[10,0],[10,10],[0,10]]}}}""", document).ShouldBe(isInside);
        Filter.Matches("""{"geoPolygon":{"p":{"points":[[0,10],[10,10],[10,0],[0,0],[0,10]]}}}""", document).ShouldBe(isInside);
    }

    [Theory]
    [InlineData(5, 179, true)]
    [InlineData(5, -179, true)]
    [InlineData(5, 0, false)]
    [InlineData(-5, 0, false)]
    public void A_polygon_can_cross_the_antimeridian(double latitude, double longitude, bool isInside) =>
        Filter.Matches("""{"geoPolygon":{"p":{"points":[[0,175],[10,175],[10,-175],[0,-175]]}}}""", FormattableString.Invariant($"{{\"p\":[{latitude},{longitude}]}}")).ShouldBe(isInside);

    [Theory]
    [InlineData(89.9, 180, true)]
    [InlineData(89.7, 90, true)]
    [InlineData(89, 0, false)]
    [InlineData(90.1, 0, true)] // on past the pole
    public void A_circle_can_hold_a_pole(double latitude, double longitude, bool isInside) =>
        Filter.Matches("""{"geoDistance":{"p":[89.9,0],"distance":"50km"}}""", FormattableString.Invariant($"{{\"p\":[{latitude},{longitude}]}}")).ShouldBe(isInside);

    [Fact]
    public void A_ring_has_both_its_borders()
    {
        const string Ring = """{"geoDistanceRange":{"p":[0,0],"from":"100km","to":"200km"}}""";

        Filter.Matches(Ring, """{"p":[0,0.89]}""").ShouldBeFalse();
        Filter.Matches(Ring, """{"p":[0,0.90]}""").ShouldBeTrue();
        Filter.Matches(Ring, """{"p":[0,1.79]}""").ShouldBeTrue();
        Filter.Matches(Ring, """{"p":[0,1.80]}""").ShouldBeFalse();
        Filter.Matches(Ring, """{"p":[0.9,0]}""").ShouldBeFalse(); // a degree is shorter along the meridian
    }

    [Fact]
    public void Shapes_of_two_fields_do_not_touch_each_other()
    {
        const string Both = """{"and":[{"geoDistance":{"p":[0,0],"distance":"10km"}},{"geoBoundingBox":{"q":{"top":1,"left":-1,"bottom":-1,"right":1}}}]}""";

        Filter.Matches(Both, """{"p":[0,0],"q":[0.5,0.5]}""").ShouldBeTrue();
        Filter.Matches(Both, """{"p":[0,0],"q":"nowhere at all"}""").ShouldBeFalse();
    }
}
