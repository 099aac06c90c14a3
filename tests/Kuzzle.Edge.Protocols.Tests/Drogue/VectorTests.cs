using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Protocols.Tests.Drogue;

/// <summary>The acceptance vectors of the reference, over the wire.</summary>
public sealed class VectorTests
{
    [SharedFact]
    public async Task A_publish_becomes_what_the_vectors_say()
    {
        var count = 0;
        foreach (var vector in Vectors("publish"))
        {
            DeviceDialect.TryRead(JsonDocument.Parse($"{{\"dialect\":{vector.GetProperty("dialect")}}}").RootElement, out var dialect, out var fault).ShouldBeTrue(fault);
            await using var gateway = DeviceGateway.Speaking(dialect!);
            var client = await gateway.ConnectAsync(version: 5);

            await client.PublishAsync(vector.GetProperty("topic").GetString()!, "1", qos: 1, id: 7);

            var code = await client.AcknowledgementAsync(4, 7);
            code.ShouldBe(vector.TryGetProperty("error", out var error) ? error.GetByte() : (byte)0, vector.ToString());
            var said = gateway.Registry.Events.SingleOrDefault();
            said?.Channel.ShouldBe(vector.GetProperty("channel").GetString(), vector.ToString());
            said?.Device.ShouldBe(vector.GetProperty("device").GetString(), vector.ToString());
            said?.Sender.ShouldBe("gw1");
            (said is null).ShouldBe(code != 0, vector.ToString());
            await client.ShouldBeAliveAndHearNothingAsync();
            count++;
        }

        count.ShouldBe(17);
    }

    [SharedFact]
    public async Task Content_is_what_the_vectors_say()
    {
        var count = 0;
        foreach (var vector in Vectors("content"))
        {
            await using var gateway = new DeviceGateway();
            var client = await gateway.ConnectAsync(vector.GetProperty("v").GetInt32());
            var type = vector.TryGetProperty("contentType", out var sent) ? DeviceClient.ContentType(sent.GetString()!) : null;

            await client.PublishAsync("temp", vector.GetProperty("payload").GetString()!, qos: 1, id: 7, type);

            var code = await client.AcknowledgementAsync(4, 7);
            code.ShouldBe(vector.TryGetProperty("error", out var error) ? error.GetByte() : (byte)0, vector.ToString());
            gateway.Registry.Events.SingleOrDefault()?.DataContentType.ShouldBe(vector.GetProperty("type").GetString(), vector.ToString());
            (gateway.Registry.Events.Count == 0).ShouldBe(code != 0, vector.ToString());
            count++;
        }

        count.ShouldBe(9);
    }

    [SharedFact]
    public async Task Subscriptions_are_granted_as_the_vectors_say()
    {
        foreach (var version in new[] { 4, 5 })
        {
            await using var gateway = new DeviceGateway();
            var client = await gateway.ConnectAsync(version);
            foreach (var vector in Vectors("subscribe"))
            {
                var code = await client.SubscribeAsync(vector.GetProperty("filter").GetString()!);

                code.ShouldBe(vector.GetProperty("granted").GetByte(), vector.ToString());
            }
        }
    }

    [SharedFact]
    public async Task Commands_arrive_on_the_topics_of_the_vectors()
    {
        var count = 0;
        foreach (var vector in Vectors("commandTopic"))
        {
            await using var gateway = new DeviceGateway();
            var client = await gateway.ConnectAsync();
            await client.SubscribeAsync(vector.GetProperty("filter").GetString()!);
            await gateway.Registry.WhenAsync(() => gateway.Registry.Happened.Contains("?gw1"));

            var outcomes = await gateway.Registry.SendAsync(new DeviceCommand("1", vector.GetProperty("to").GetString()!, "set", Encoding.UTF8.GetBytes("21")));

            var topic = vector.GetProperty("topic").GetString();
            outcomes.ShouldBe(topic is null ? [] : [CommandDelivery.Delivered], vector.ToString());
            if (topic is not null) (await client.CommandAsync()).ShouldBe(new CommandFields(topic, "21", Qos: 0, Id: 0, Retain: false));
            await client.ShouldBeAliveAndHearNothingAsync();
            count++;
        }

        count.ShouldBe(8);
    }

    private static JsonElement.ArrayEnumerator Vectors(string group)
    {
        var page = File.ReadAllText(SharedMaterial.FileAt("reference", "drogue-mqtt.md")!);
        var from = page.IndexOf("```json", page.IndexOf("### 10.6", StringComparison.Ordinal), StringComparison.Ordinal) + "```json".Length;
        var json = page[from..page.IndexOf("```", from, StringComparison.Ordinal)];
        return JsonDocument.Parse(json).RootElement.GetProperty(group).EnumerateArray();
    }
}
