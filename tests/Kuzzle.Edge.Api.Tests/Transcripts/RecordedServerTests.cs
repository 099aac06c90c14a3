using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Testing;
using Kuzzle.Edge.Testing.Transcripts;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace Kuzzle.Edge.Api.Tests.Transcripts;

/// <summary>The recordings of a real Kuzzle, played to this API: same requests, same answers.</summary>
public sealed class RecordedServerTests(ITestOutputHelper log)
{
    [SharedFact]
    public async Task Answers_are_those_of_the_real_server_but_for_the_listed_lines()
    {
        var exchanges = Exchange.ReadAll(SharedMaterial.FileAt("reference", "kuzzle-transcripts.jsonl")!);
        var unsupported = new Unsupported(await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Transcripts", "not-yet.txt")));
        var surprises = new List<string>();
        var passed = 0;
        foreach (var group in exchanges.GroupBy(exchange => exchange.Group, StringComparer.Ordinal))
        {
            var clock = new ManualClock();
            using var api = new KuzzleApi(new ApiOptions { FreshRights = FreshRights.Open }, new InMemoryDocumentStore(), clock, NullLoggerFactory.Instance);
            var connections = "ABC".ToDictionary(client => client, _ => new ClientConnection("mqtt", remoteAddress: null));
            var comparison = new AnswerComparison();
            foreach (var exchange in group)
            {
                var difference = comparison.FindDifference(exchange.Response, await AskAsync(api, connections[exchange.Client], clock, comparison.Adapt(exchange.Request)));
                if (difference is null) passed++;
                if (difference is null == unsupported.Contains(exchange)) surprises.Add($"{exchange.Title} | {difference ?? "passes now: take it off the list"}");
            }
        }

        log.WriteLine($"{passed} of {exchanges.Count} recorded answers; {unsupported.Count} listed as not yet");
        surprises.ShouldBeEmpty(string.Join('\n', surprises));
        unsupported.Strangers(exchanges).ShouldBeEmpty();
    }

    private static async Task<JsonObject> AskAsync(KuzzleApi api, ClientConnection connection, TimeProvider clock, JsonObject request)
    {
        var response = ApiRequest.TryParse(Encoding.UTF8.GetBytes(request.ToJsonString()), connection, clock, out var parsed, out var fault)
            ? await api.ExecuteAsync(parsed, CancellationToken.None)
            : api.AnswerUnusable(fault);
        var output = new ArrayBufferWriter<byte>();
        response.WriteTo(output);
        return JsonNode.Parse(output.WrittenSpan)!.AsObject();
    }
}
