using System.Globalization;

namespace Kuzzle.Edge.Benchmarks.Koncorde;

/// <summary>
/// The filters and documents that `scripts/bench koncorde` gives to every engine: a file of JSON lines, each with a <c>filter</c> or a <c>doc</c>. The same
/// arguments make the same file.
/// </summary>
internal static class KoncordeWorkload
{
    private const int Documents = 2_000;
    private const int Kinds = 5;

    // Of ten degrees by ten at the latitude of France, about 872,000 km², a circle of this radius is 0.05 %.
    private const int Radius = 11_800;

    public static void Write(string file, string shape, int filters)
    {
        var random = new Random(20_150_824);
        using var output = new StreamWriter(file);
        for (var i = 0; i < filters; i++) output.WriteLine($$"""{"filter":{{FilterOf(shape, i, random)}}}""");
        for (var i = 0; i < Documents; i++) output.WriteLine($$"""{"doc":{{Document(filters, random)}}}""");
    }

    private static string FilterOf(string shape, int number, Random random) => shape switch
    {
        "equals" => Text($$$$"""{"equals":{"city":"city-{{{{number}}}}"}}"""),
        "range" => Range(random, width: 0.5),
        "geo" => Text($$$$"""{"geoDistance":{"location":{"lat":{{{{40 + (10 * random.NextDouble())}}}},"lon":{{{{10 * random.NextDouble()}}}}},"distance":"{{{{Radius}}}}m"}}"""),
        "mixed" => Text($$$$"""
            {"and":[{"equals":{"kind":"kind-{{{{random.Next(Kinds)}}}}"}},{{{{Range(random, width: 10)}}}},{"exists":"{{{{(random.Next(2) == 0 ? "alarm" : "calm")}}}}"}]}
            """),
        _ => throw new ArgumentException($"Unknown shape {shape}: equals, range, geo or mixed.", nameof(shape)),
    };

    private static string Range(Random random, double width)
    {
        var low = (100 + width) * random.NextDouble() - width;
        return Text($$$$"""{"range":{"temperature":{"gte":{{{{low}}}},"lte":{{{{low + width}}}}}}}""");
    }

    private static string Document(int filters, Random random) => Text($$$$"""
        {"city":"city-{{{{random.Next(filters)}}}}","kind":"kind-{{{{random.Next(Kinds)}}}}","temperature":{{{{100 * random.NextDouble()}}}},"{{{{(random.Next(2) == 0 ? "alarm" : "calm")}}}}":true,"location":{"lat":{{{{40 + (10 * random.NextDouble())}}}},"lon":{{{{10 * random.NextDouble()}}}}},"name":"sensor {{{{random.Next(1000)}}}}"}
        """);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
