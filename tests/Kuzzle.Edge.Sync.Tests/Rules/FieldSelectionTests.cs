using System.Buffers;
using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Sync.Rules;

namespace Kuzzle.Edge.Sync.Tests.Rules;

public sealed class FieldSelectionTests
{
    private const string Document = """{"a":1,"b":{"c":2,"d":{"e":3,"f":4}},"bc":5,"_kuzzle_info":{"author":"-1"}}""";

    [Theory]
    [InlineData("", "", Document)]
    [InlineData("a", "", """{"a":1,"_kuzzle_info":{"author":"-1"}}""")]
    [InlineData("b.d", "", """{"b":{"d":{"e":3,"f":4}},"_kuzzle_info":{"author":"-1"}}""")]
    [InlineData("b", "b.d.e", """{"b":{"c":2,"d":{"f":4}},"_kuzzle_info":{"author":"-1"}}""")]
    [InlineData("", "b,_kuzzle_info", """{"a":1,"bc":5,"_kuzzle_info":{"author":"-1"}}""")]
    [InlineData("", "b.d.e,bc", """{"a":1,"b":{"c":2,"d":{"f":4}},"_kuzzle_info":{"author":"-1"}}""")]
    public void What_is_included_travels_without_what_is_excluded(string include, string exclude, string expected)
    {
        var selection = new FieldSelection(Paths(include), Paths(exclude));
        var written = new ArrayBufferWriter<byte>();

        using (var writer = new Utf8JsonWriter(written)) selection.Write(writer, JsonElement.Parse(Document));

        Encoding.UTF8.GetString(written.WrittenSpan).ShouldBe(expected);
    }

    private static string[] Paths(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
