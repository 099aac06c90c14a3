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
        foreach (var (version, vector) in InBothVersions("publish"))
        {
            DeviceDialect.TryRead(JsonDocument.Parse($"{{\"dialect\":{vector.GetProperty("dialect")}}}").RootElement, out var dialect, out var fault).ShouldBeTrue(fault);
            await using var gateway = DeviceGateway.Speaking(dialect!);
            var client = await gateway.ConnectAsync(version);

            await client.PublishAsync(vector.GetProperty("topic").GetString()!, "1", qos: 1, id: 7);

            if (vector.TryGetProperty("error", out var error))
            {
                await ShouldBeRejectedAsync(client, error.GetByte(), vector);
                gateway.Registry.Events.ShouldBeEmpty(vector.ToString());
            }
            else
            {
                (await client.AcknowledgementAsync(4, 7)).ShouldBe((byte)0, vector.ToString());
                await client.ShouldBeAliveAndHearNothingAsync();
                var said = gateway.Registry.Events.Single();
                (said.Channel, said.Device, said.Sender).ShouldBe((vector.GetProperty("channel").GetString()!, vector.GetProperty("device").GetString()!, "gw1"), vector.ToString());
            }

            count++;
        }

        count.ShouldBe(2 * 17);
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
        var count = 0;
        foreach (var (version, vector) in InBothVersions("subscribe"))
        {
            await using var gateway = new DeviceGateway();
            var client = await gateway.ConnectAsync(version);

            var code = await client.SubscribeAsync(vector.GetProperty("filter").GetString()!);

            code.ShouldBe(vector.GetProperty("granted").GetByte(), vector.ToString());
            await client.ShouldBeAliveAndHearNothingAsync();
            count++;
        }

        count.ShouldBe(2 * 11);
    }

    [SharedFact]
    public async Task Commands_arrive_on_the_topics_of_the_vectors()
    {
        var count = 0;
        foreach (var (version, vector) in InBothVersions("commandTopic"))
        {
            await using var gateway = new DeviceGateway();
            var client = await gateway.ConnectAsync(version);
            await client.SubscribeAsync(vector.GetProperty("filter").GetString()!);
            await gateway.Registry.WhenAsync(() => gateway.Registry.Happened.Contains("?gw1"));

            var outcomes = await gateway.Registry.SendAsync(new DeviceCommand("1", vector.GetProperty("to").GetString()!, "set", Encoding.UTF8.GetBytes("21")));

            var topic = vector.GetProperty("topic").GetString();
            outcomes.ShouldBe(topic is null ? [] : [CommandDelivery.Delivered], vector.ToString());
            if (topic is not null) (await client.CommandAsync()).ShouldBe(new CommandFields(topic, "21", Qos: 0, Id: 0, Retain: false));
            await client.ShouldBeAliveAndHearNothingAsync();
            count++;
        }

        count.ShouldBe(2 * 8);
    }

    /// <summary>MQTT 5 tells the code and stays; 3.1.1 has no word for it and ends.</summary>
    private static async Task ShouldBeRejectedAsync(DeviceClient client, byte code, JsonElement vector)
    {
        if (client.IsVersion5)
        {
            (await client.AcknowledgementAsync(4, 7)).ShouldBe(code, vector.ToString());
            await client.ShouldBeAliveAndHearNothingAsync();
        }
        else
        {
            await client.ShouldBeClosedSilentlyAsync();
        }
    }

    private static IEnumerable<(int Version, JsonElement Vector)> InBothVersions(string group) => new[] { 4, 5 }.SelectMany(version => Vectors(group).Select(vector => (version, vector)));

    private static JsonElement.ArrayEnumerator Vectors(string group)
    {
        var page = File.ReadAllText(SharedMaterial.FileAt("reference", "drogue-mqtt.md")!);
        var from = page.IndexOf("```json", page.IndexOf("### 10.6", StringComparison.Ordinal), StringComparison.Ordinal) + "```json".Length;
        var json = page[from..page.IndexOf("```", from, StringComparison.Ordinal)];
        return JsonDocument.Parse(json).RootElement.GetProperty(group).EnumerateArray();
    }
}
