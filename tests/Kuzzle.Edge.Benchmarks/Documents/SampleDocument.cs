using System.Globalization;
using System.Text;

namespace Kuzzle.Edge.Benchmarks.Documents;

/// <summary>Documents of 300 bytes, the same for everybody by their number.</summary>
internal static class SampleDocument
{
    public const string Mapping = """
        {"dynamic":"false","properties":{"site":{"type":"keyword"},"n":{"type":"integer"},"at":{"type":"date"},"temp":{"type":"float"},"on":{"type":"boolean"}}}
        """;

    private const int Length = 300;
    private static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static string Id(int i) => string.Create(CultureInfo.InvariantCulture, $"document-{i:x8}");

    /// <summary>Numbers that jump about, each once.</summary>
    public static int Number(int i) => (int)(((long)i * 7_919_317) % 10_000_019);

    public static byte[] Json(int i)
    {
        var at = Start.AddSeconds(i).ToUnixTimeMilliseconds();
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"site\":\"site-{(i * 31) % 1000}\",\"n\":{Number(i)},\"at\":{at},\"temp\":{(i % 400) / 10.0},\"on\":{(i % 3 == 0 ? "true" : "false")},\"text\":\"");
        var json = new byte[Length];
        json.AsSpan().Fill((byte)'x');
        Encoding.UTF8.GetBytes(text, json);
        "\"}"u8.CopyTo(json.AsSpan(Length - 2));
        return json;
    }
}
