using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>Sensors as answers show them.</summary>
internal static class SensorJson
{
    /// <summary>A line of a list.</summary>
    public static JsonObject Brief(MountedSensor mounted)
    {
        var state = mounted.Sensor.State;
        return new JsonObject
        {
            ["_id"] = state.Name,
            ["source"] = state.Source,
            ["origin"] = mounted.Origin == SensorOrigin.Configuration ? "configuration" : "api",
            ["role"] = mounted.Actuator is null ? "sensor" : "actuator",
            ["status"] = WordOf(state.Status),
            ["fault"] = state.Fault,
            ["readings"] = new JsonArray([.. state.Channels.Select(channel => Channel(channel))]),
        };
    }

    /// <summary>All that is known of it.</summary>
    public static JsonObject Whole(MountedSensor mounted)
    {
        var state = mounted.Sensor.State;
        var whole = Brief(mounted);
        whole["definition"] = mounted.Definition.Written.DeepClone();
        whole["failingSince"] = state.FailingSince?.ToUnixTimeMilliseconds();
        whole["nextAttemptAt"] = state.NextAttemptAt?.ToUnixTimeMilliseconds();
        whole["measured"] = state.Measured;
        whole["failed"] = state.Failed;
        whole["published"] = state.Published;
        whole["waiting"] = state.Waiting;
        whole["dropped"] = state.Dropped;
        if (mounted.Actuator is { } actuator) whole["commands"] = new JsonArray([.. actuator.Commands.Select(command => (JsonNode?)command)]);
        return whole;
    }

    /// <summary>What was measured just now.</summary>
    public static JsonArray Measured(MountedSensor mounted, Measurement[] measured) => new(
    [
        .. mounted.Sensor.Probe.Channels.Zip(measured, (channel, measurement) => new JsonObject
        {
            ["channel"] = channel.Name,
            ["kind"] = channel.Kind,
            ["value"] = measurement.IsGood ? measurement.Value : null,
            ["unit"] = channel.Unit,
            ["fault"] = measurement.Fault,
        }),
    ]);

    /// <summary>A stored reading, without what the store has added.</summary>
    public static JsonObject Reading(StoredDocument document)
    {
        var reading = JsonObject.Create(document.Source)!;
        reading.Remove("_kuzzle_info");
        return reading;
    }

    /// <summary>The word for a status.</summary>
    public static string WordOf(SensorStatus status) => status switch
    {
        SensorStatus.Starting => "starting",
        SensorStatus.Ok => "ok",
        SensorStatus.Failing => "failing",
        _ => "hanging",
    };

    private static JsonObject Channel(ChannelState channel) => new()
    {
        ["channel"] = channel.Name,
        ["kind"] = channel.Kind,
        ["value"] = channel.Value,
        ["unit"] = channel.Unit,
        ["timestamp"] = channel.MeasuredAt?.ToUnixTimeMilliseconds(),
        ["fault"] = channel.Fault,
        ["alarms"] = new JsonArray([.. channel.Alarms.Select(alarm => (JsonNode?)alarm)]),
    };
}
