using System.Globalization;
using static Kuzzle.Edge.Protocols.Tests.KuzzleV2.Requests;

namespace Kuzzle.Edge.Protocols.Tests.KuzzleV2;

/// <summary>Requests that the read loop answers itself, and those that only look as if.</summary>
public sealed class QuickRequestTests
{
    [Fact]
    public async Task Quick_and_slow_requests_of_one_client_are_all_answered_under_their_own_ids()
    {
        await using var gateway = new MqttGateway();
        var client = await gateway.ConnectAsync();
        var expected = new HashSet<string>(StringComparer.Ordinal);

        for (var i = 0; i < 60; i++)
        {
            var id = i.ToString(CultureInfo.InvariantCulture);
            expected.Add(id);
            await client.PublishAsync(RequestTopic, (i % 3) switch
            {
                0 => Now(id),
                1 => Subscribe(id),
                _ => Publish(id, "hello"),
            });
        }

        var answered = new HashSet<string>(StringComparer.Ordinal);
        while (answered.Count < 60)
        {
            var message = await client.ReadPublishAsync();
            if (message.Topic != ResponseTopic) continue;

            ((int?)message.Json["status"]).ShouldBe(200);
            answered.Add((string)message.Json["requestId"]!).ShouldBeTrue("one answer each");
        }

        answered.ShouldBe(expected, ignoreOrder: true);
    }

    [Fact]
    public async Task The_last_of_two_names_counts_also_when_the_first_is_that_of_a_quick_action()
    {
        await using var gateway = new MqttGateway();
        var client = await gateway.ConnectAsync();

        var answer = await client.AskAsync("""{"requestId":"r","controller":"server","action":"now","action":"none"}""");

        ((string?)answer["error"]!["id"]).ShouldBe("api.process.action_not_found");
        ((string?)answer["requestId"]).ShouldBe("r");
    }
}
