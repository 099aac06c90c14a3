using System.Diagnostics.Metrics;
using Kuzzle.Edge.Broker.Tests.Wire;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Tests.Metrics;

public sealed class BrokerMetricsTests
{
    [Fact]
    public async Task What_happens_is_counted()
    {
        await using var broker = new BrokerUnderTest();
        var own = broker.Broker.Core.Metrics.Meter;
        var seen = new Dictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter == own) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => seen[instrument.Name] = seen.GetValueOrDefault(instrument.Name) + value);
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => seen[instrument.Name] = seen.GetValueOrDefault(instrument.Name) + value);
        listener.Start();

        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("t/+", 1);
        await client.SendAsync(Packet.Publish("t/1", "x", 1, 1, retain: true), Packet.Publish("nobody", "x"), Packet.Publish("$SYS/x", "x"));
        _ = await client.ReceivePublishAsync();
        await client.ExpectAsync(Packet.Puback(1));
        await client.ExpectNothingAsync();
        await (await broker.ConnectAsync("b", clean: false)).LeaveAsync();
        _ = (await (await broker.OpenAsync(Packet.Connect("", clean: false))).ReceiveToEndAsync()).Length;
        listener.RecordObservableInstruments();

        own.Name.ShouldBe("Kuzzle.Edge.Broker");
        seen["mqtt.clients.connected"].ShouldBe(1);
        seen["mqtt.connections"].ShouldBe(2);
        seen["mqtt.messages.in"].ShouldBe(3);
        seen["mqtt.messages.out"].ShouldBe(1);
        seen["mqtt.bytes.out"].ShouldBe(2 + 2 + 3 + 2 + 1);
        seen["mqtt.messages.dropped"].ShouldBe(1);
        seen["mqtt.subscriptions"].ShouldBe(1);
        seen["mqtt.sessions"].ShouldBe(2);
        seen["mqtt.retained"].ShouldBe(1);
    }

    [Fact]
    public async Task A_message_beyond_what_mqtt_can_carry_is_the_programs_mistake()
    {
        await using var broker = new BrokerUnderTest();

        Should.Throw<ArgumentException>(() => broker.Broker.Publish(new MqttMessage("t", new byte[268_435_455])));
        Should.Throw<ArgumentException>(() => broker.Broker.Publish(new MqttMessage(new string('x', 65_536), default) { Qos = QualityOfService.AtLeastOnce }));
    }
}
