using System.Globalization;
using Kuzzle.Edge.Mqtt.Client;
using Kuzzle.Edge.Mqtt.Client.Sessions;

namespace Kuzzle.Edge.Mqtt.Tests.Client;

public sealed class OversizedMessageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string FortyBytes = $"'{new string('x', 40)}'";

    private static MqttClientOptions Small(MqttVersion version = MqttVersion.V311) => ScriptedServer.Options(version) with { MaxPacketBytes = 32, TakesOversized = true };

    [Theory]
    [InlineData(MqttVersion.V31, "30 2B 00 01 't'", null)]
    [InlineData(MqttVersion.V311, "30 2B 00 01 't'", null)]
    [InlineData(MqttVersion.V311, "32 2D 00 01 't' 00 07", "Puback 7 Success ")]
    [InlineData(MqttVersion.V311, "34 2D 00 01 't' 00 07", "Pubrec 7 Success ")]
    public async Task A_message_that_is_too_large_is_acknowledged_without_its_payload_however_the_network_cuts_it(MqttVersion version, string start, string? answer)
    {
        var server = new ScriptedServer();
        await using var client = await server.AcceptAsync(Small(version));

        foreach (var piece in Packets.Wire.Bytes(start + FortyBytes)) await server.SendAsync(piece.ToString("X2", CultureInfo.InvariantCulture));
        if (answer is not null) (await server.ReadAsync()).ShouldBe(answer);
        if (answer is ['P', 'u', 'b', 'r', 'e', 'c', ..])
        {
            await server.SendAsync("62 02 00 07");
            (await server.ReadAsync()).ShouldBe("Pubcomp 7 Success ");
        }

        await server.SendAsync("32 06 00 01 'u' 00 08 'y'");
        (await server.ReadAsync()).ShouldBe("Puback 8 Success ");
        server.Handled.Select(static incoming => (incoming.Message.Topic, incoming.Message.Payload.Length, incoming.DiscardedBytes)).ShouldBe([("t", 0, 40), ("u", 1, 0)]);
    }

    [Theory]
    [InlineData(MqttVersion.V311, "30 FF FF 7F 00 01 't'", false, "nobody wants to hear of it")]
    [InlineData(MqttVersion.V5, "30 2B 00 01 't' 00", true, "[MQTT5-3.1.2-24] it was told")]
    [InlineData(MqttVersion.V311, "90 2B 00 01", true, "an answer that nobody can do without")]
    [InlineData(MqttVersion.V311, "36 2B 00 01", true, "[MQTT-3.3.1-4]")]
    [InlineData(MqttVersion.V311, "30 2B 00 FF", true, "the topic is longer than the packet")]
    [InlineData(MqttVersion.V311, "30 2B 00 01 '#'", true, "[MQTT-3.3.2-2]")]
    [InlineData(MqttVersion.V311, "32 2B 00 01 't' 00 00", true, "[MQTT-2.3.1-1]")]
    public async Task Anything_else_that_is_too_large_ends_the_connection(MqttVersion version, string start, bool takesOversized, string clause)
    {
        var server = new ScriptedServer();
        var client = await server.AcceptAsync(Small(version) with { TakesOversized = takesOversized });

        await server.SendAsync(start + FortyBytes);

        (await client.Ended.WaitAsync(Patience)).Cause.ShouldBe(MqttEndingCause.ProtocolError, clause);
        server.Handled.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_message_that_takes_long_to_discard_does_not_look_like_a_dead_connection()
    {
        var server = new ScriptedServer();
        await using var client = await server.AcceptAsync(Small() with { KeepAlive = TimeSpan.FromSeconds(60) });

        await server.SendAsync("30 83 02 00 01 't'"); // 256 bytes of payload.
        for (var piece = 0; piece < 256; piece++)
        {
            await server.SendAsync("'x'");
            server.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(1));
        }

        await server.SendAsync("32 06 00 01 'u' 00 08 'y'");
        string packet;
        do packet = await server.ReadAsync();
        while (packet == "Pingreq");
        packet.ShouldBe("Puback 8 Success ");
    }

    [Fact]
    public async Task What_is_larger_than_is_to_be_sent_is_refused_here_be_it_that_an_earlier_connection_began_it()
    {
        var server = new ScriptedServer();
        var large = new MqttApplicationMessage("t", new byte[40]) { QualityOfService = QualityOfService.AtLeastOnce };
        await server.Session.StoreAsync(new MqttOutgoing(5, large));
        await server.Session.StoreAsync(new MqttOutgoing(6, large with { Payload = new byte[1] }));
        await using var client = await server.AcceptAsync(ScriptedServer.Options(MqttVersion.V311) with { MaxSentPacketBytes = 32 }, "20 02 01 00");

        (await server.ReadAsync()).ShouldStartWith("Publish 74 6 AtLeastOnce dup=True");
        var result = await client.PublishAsync(large, CancellationToken.None).WaitAsync(Patience);

        result.ReasonCode.ShouldBe(ReasonCode.PacketTooLarge);
        result.ReasonString.ShouldBe("with a payload of 40 bytes its packet has more than 32");
        (await server.Session.LoadAsync(CancellationToken.None)).Outgoing.ShouldHaveSingleItem().PacketIdentifier.ShouldBe((ushort)6);
    }
}
