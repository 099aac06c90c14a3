using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Koncorde.Lines;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Koncorde.Tests.Lines;

/// <summary>The console program around the engine: one JSON object a line in, one out.</summary>
public sealed class LineDriverTests
{
    [Fact]
    public async Task Every_operation_is_answered_as_agreed()
    {
        var answers = await AskAsync("""
            {"op":"reset"}
            {"op":"register","name":"a","filter":{"equals":{"city":"NYC"}}}
            {"op":"register","name":"b","filter":{"and":[{"equals":{"city":"NYC"}}]}}
            {"op":"register","name":"c","filter":{"unheard":{}}}
            {"op":"test","doc":{"city":"NYC"}}
            {"op":"remove","name":"a"}
            {"op":"test","doc":{"city":"NYC"}}
            {"op":"reset"}
            {"op":"test","doc":{"city":"NYC"}}
            """);

        var room = (string)answers[1]["room"]!;
        answers.Select(static answer => answer.ToJsonString()).ShouldBe(
        [
            """{"ok":true}""",
            $$"""{"ok":true,"room":"{{room}}"}""",
            $$"""{"ok":true,"room":"{{room}}"}""",
            """{"ok":false,"message":"\u0022unheard\u0022: unknown keyword"}""",
            """{"ok":true,"names":["a","b"]}""",
            """{"ok":true}""",
            """{"ok":true,"names":["b"]}""",
            """{"ok":true}""",
            """{"ok":true,"names":[]}""",
        ]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("{\"op\":\"test\"")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("{}")]
    [InlineData("{\"op\":5}")]
    [InlineData("{\"op\":\"dance\"}")]
    [InlineData("{\"op\":\"register\"}")]
    [InlineData("{\"op\":\"register\",\"name\":\"x\"}")]
    [InlineData("{\"op\":\"remove\",\"name\":\"x\"}")]
    [InlineData("{\"op\":\"remove\"}")]
    [InlineData("{\"op\":\"test\"}")]
    [InlineData("{\"op\":\"\\ud800\"}")]
    public async Task A_malformed_line_is_answered_and_changes_nothing(string line)
    {
        var answers = await AskAsync($$$"""
            {"op":"register","name":"a","filter":{}}
            {{{line}}}
            {"op":"test","doc":{}}
            """);

        answers.Count.ShouldBe(3);
        ((bool)answers[1]["ok"]!).ShouldBeFalse();
        ((string)answers[1]["message"]!).ShouldNotBeEmpty();
        answers[2].ToJsonString().ShouldBe("""{"ok":true,"names":["a"]}""");
    }

    [SharedFact]
    public async Task The_recorded_sessions_give_the_recorded_names()
    {
        var input = new StringBuilder();
        List<string[]?> expected = [];
        await foreach (var session in File.ReadLinesAsync(SharedMaterial.FileAt("vectors", "koncorde", "sessions.jsonl")!))
        {
            input.Append("{\"op\":\"reset\"}\n");
            expected.Add(null);
            foreach (var step in JsonElement.Parse(session).GetProperty("ops").EnumerateArray())
            {
                input.Append(step.GetRawText()).Append('\n');
                expected.Add(step.TryGetProperty("expected", out var names) ? [.. names.EnumerateArray().Select(static name => name.GetString()!).Order(StringComparer.Ordinal)] : null);
            }
        }

        var answers = await AskAsync(input.ToString());

        answers.Count.ShouldBe(expected.Count);
        foreach (var (answer, names) in answers.Zip(expected))
        {
            ((bool)answer["ok"]!).ShouldBeTrue(answer.ToJsonString());
            if (names is not null) answer["names"]!.AsArray().Select(static name => (string)name!).Order(StringComparer.Ordinal).ShouldBe(names);
        }
    }

    private static async Task<List<JsonObject>> AskAsync(string lines)
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(lines));
        using var output = new MemoryStream();

        await new LineDriver(maxConditions: 100).RunAsync(input, output, CancellationToken.None);

        return [.. Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonNode.Parse(line)!.AsObject())];
    }
}
