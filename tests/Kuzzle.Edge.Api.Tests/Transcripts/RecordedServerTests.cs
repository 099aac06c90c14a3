using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Security;
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
            var options = new ApiOptions
            {
                FreshRights = FreshRights.Open,
                Limits = new ApiLimits { LoginsPerSecond = 1000 },
                Security = new SecurityOptions { PasswordIterations = 10 },
            };
            using var api = new KuzzleApi(options, new InMemoryDocumentStore(), clock, NullLoggerFactory.Instance, new RecordingAppliance());
            var sink = new RecordingSink();
            api.AddSink("mqtt", sink);
            var connections = "ABC".ToDictionary(client => client, _ => new ClientConnection("mqtt", remoteAddress: null));
            api.Connect(connections['A']);
            api.Connect(connections['B']);
            var comparison = new AnswerComparison();
            var tokens = new RecordedTokens();
            foreach (var exchange in group)
            {
                sink.Sent.Clear();
                clock.Advance(RecordedTokens.WaitBefore(exchange));
                var request = comparison.Adapt(exchange.Request);
                tokens.Adapt(exchange, request);
                var answer = await AskAsync(api, connections[exchange.Client], clock, request);
                tokens.Learn(exchange, answer);
                Judge(exchange.Title, comparison.FindDifference(exchange.Response, answer));
                foreach (var notification in exchange.Notifications)
                {
                    if (notification.Gone is { } client)
                    {
                        sink.Sent.Clear();
                        api.Disconnect(connections[client]);
                    }

                    Judge(notification.Title, FindDifference(comparison, notification, sink));
                }
            }
        }

        void Judge(string title, string? difference)
        {
            if (difference is null) passed++;
            if (difference is null == unsupported.Contains(title)) surprises.Add($"{title} | {difference ?? "passes now: take it off the list"}");
        }

        log.WriteLine($"{passed} of {exchanges.Sum(exchange => 1 + exchange.Notifications.Count)} recorded answers and notifications; {unsupported.Count} listed as not yet");
        surprises.ShouldBeEmpty(string.Join('\n', surprises));
        unsupported.Strangers(exchanges).ShouldBeEmpty();
    }

    /// <summary>Each client of the recording heard a notification for itself; here it is sent once, for all who listen on the channel.</summary>
    private static string? FindDifference(AnswerComparison comparison, RecordedNotification recorded, RecordingSink sink)
    {
        var channel = comparison.Adapt(recorded.Channel);
        var sent = sink.Sent.Where(notification => notification.Channels.Contains(channel)).Select(notification => JsonNode.Parse(notification.Json.Span)!.AsObject()).ToList();
        if (sent.Count == 0) return $"nothing was sent on {channel}";

        var differences = sent.ConvertAll(notification => comparison.FindDifference(recorded.Json, notification));
        return differences.Contains(null) ? null : differences[0];
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
