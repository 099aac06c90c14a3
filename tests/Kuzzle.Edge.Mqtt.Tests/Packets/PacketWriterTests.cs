using System.Buffers;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Mqtt.Tests.Packets;

public sealed class PacketWriterTests
{
    private readonly ArrayBufferWriter<byte> _output = new();

    [Theory]
    [InlineData(MqttVersion.V311, ReasonCode.Success, "20 02 01 00")]
    [InlineData(MqttVersion.V31, ReasonCode.Success, "20 02 00 00")]
    [InlineData(MqttVersion.V5, ReasonCode.Success, "20 03 01 00 00")]
    [InlineData(MqttVersion.V311, ReasonCode.UnsupportedProtocolVersion, "20 02 00 01")]
    [InlineData(MqttVersion.V311, ReasonCode.ClientIdentifierNotValid, "20 02 00 02")]
    [InlineData(MqttVersion.V311, ReasonCode.ServerUnavailable, "20 02 00 03")]
    [InlineData(MqttVersion.V311, ReasonCode.QuotaExceeded, "20 02 00 03")]
    [InlineData(MqttVersion.V311, ReasonCode.BadUserNameOrPassword, "20 02 00 04")]
    [InlineData(MqttVersion.V311, ReasonCode.NotAuthorized, "20 02 00 05")]
    [InlineData(MqttVersion.V5, ReasonCode.NotAuthorized, "20 03 00 87 00")]
    public void CONNACK_speaks_the_clients_version(MqttVersion version, ReasonCode code, string expected)
    {
        PacketWriter.TryWrite(_output, version, new ConnackPacket { SessionPresent = true, ReasonCode = code }).ShouldBeTrue();

        Written.ShouldBe(Wire.Bytes(expected));
    }

    [Theory]
    [InlineData(MqttVersion.V311, "90 05 0102 00 80 02")]
    [InlineData(MqttVersion.V5, "90 06 0102 00 00 8F 02")]
    public void SUBACK_speaks_the_clients_version(MqttVersion version, string expected)
    {
        var packet = new SubackPacket { PacketIdentifier = 0x102, ReasonCodes = [ReasonCode.Success, ReasonCode.TopicFilterInvalid, ReasonCode.GrantedQoS2] };

        PacketWriter.TryWrite(_output, version, packet).ShouldBeTrue();

        Written.ShouldBe(Wire.Bytes(expected));
    }

    [Theory]
    [InlineData(MqttVersion.V311, "B0 02 0102")]
    [InlineData(MqttVersion.V5, "B0 04 0102 00 11")]
    public void UNSUBACK_speaks_the_clients_version(MqttVersion version, string expected)
    {
        PacketWriter.TryWrite(_output, version, new UnsubackPacket { PacketIdentifier = 0x102, ReasonCodes = [ReasonCode.NoSubscriptionExisted] }).ShouldBeTrue();

        Written.ShouldBe(Wire.Bytes(expected));
    }

    [Theory]
    [InlineData(MqttVersion.V311, PacketType.Pubrel, ReasonCode.PacketIdentifierNotFound, "62 02 0102")]
    [InlineData(MqttVersion.V5, PacketType.Pubrel, ReasonCode.PacketIdentifierNotFound, "62 03 0102 92")]
    [InlineData(MqttVersion.V5, PacketType.Puback, ReasonCode.Success, "40 02 0102")]
    [InlineData(MqttVersion.V5, PacketType.Pubrec, ReasonCode.NotAuthorized, "50 03 0102 87")]
    [InlineData(MqttVersion.V5, PacketType.Pubcomp, ReasonCode.Success, "70 02 0102")]
    public void Acknowledgements_are_as_short_as_they_can_be(MqttVersion version, PacketType type, ReasonCode code, string expected)
    {
        PacketWriter.WriteAcknowledgement(_output, version, type, 0x102, code);
        PacketWriter.TryWriteAcknowledgement(_output, version, type, 0x102, code, new MqttProperties()).ShouldBeTrue();

        Written.ShouldBe(Wire.Bytes(expected + expected));
    }

    [Theory]
    [InlineData(MqttVersion.V311, ReasonCode.Success, "E0 00")]
    [InlineData(MqttVersion.V5, ReasonCode.Success, "E0 00")]
    [InlineData(MqttVersion.V5, ReasonCode.MalformedPacket, "E0 01 81")]
    public void DISCONNECT_is_as_short_as_it_can_be(MqttVersion version, ReasonCode code, string expected)
    {
        PacketWriter.TryWrite(_output, version, new DisconnectPacket { ReasonCode = code }).ShouldBeTrue();

        Written.ShouldBe(Wire.Bytes(expected));
    }

    [Fact]
    public void What_only_explains_is_left_out_before_a_packet_is_given_up()
    {
        var properties = new MqttProperties { ServerKeepAlive = 10, ReasonString = new string('r', 50), UserProperties = [new("name", "value")] };
        var packet = new ConnackPacket { Properties = properties };

        PacketWriter.TryWrite(_output, MqttVersion.V5, packet, maxPacketBytes: 8).ShouldBeTrue();
        Written.ShouldBe(Wire.Bytes("20 06 00 00 03 13 000A"));
        _output.ResetWrittenCount();

        PacketWriter.TryWrite(_output, MqttVersion.V5, packet, maxPacketBytes: 7).ShouldBeFalse();
        Written.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(61, "E0 3B 8B 39 1F 0036")]
    [InlineData(60, "E0 01 8B")]
    [InlineData(3, "E0 01 8B")]
    [InlineData(2, "")]
    public void A_DISCONNECT_fits_into_what_the_client_takes(long maxPacketBytes, string begin)
    {
        var packet = new DisconnectPacket { ReasonCode = ReasonCode.ServerShuttingDown, Properties = new MqttProperties { ReasonString = new string('r', 54) } };

        PacketWriter.TryWrite(_output, MqttVersion.V5, packet, maxPacketBytes).ShouldBe(begin.Length > 0);

        Written.Length.ShouldBeLessThanOrEqualTo((int)maxPacketBytes);
        Written.ShouldBe([.. Wire.Bytes(begin), .. Enumerable.Repeat((byte)'r', begin.Contains("1F", StringComparison.Ordinal) ? 54 : 0)]);
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(4, 0)]
    [InlineData(5, 5)]
    [InlineData(100, 12)]
    public void An_acknowledgement_fits_into_what_the_client_takes(long maxPacketBytes, int size)
    {
        var properties = new MqttProperties { ReasonString = "why?" };

        PacketWriter.TryWriteAcknowledgement(_output, MqttVersion.V5, PacketType.Puback, 1, ReasonCode.QuotaExceeded, properties, maxPacketBytes + (size == 12 ? 1 : 0))
            .ShouldBe(size > 0);

        Written.Length.ShouldBe(size == 12 ? 13 : size);
    }

    [Fact]
    public void What_cannot_be_sent_is_an_error_of_the_caller()
    {
        Should.Throw<ArgumentException>(() => PacketWriter.TryWrite(_output, new ConnectPacket { Version = MqttVersion.V311, ClientId = "a\0" }));
        Should.Throw<ArgumentException>(() => PacketWriter.TryWrite(_output, new ConnectPacket { Version = MqttVersion.V311, ClientId = "a\uD800" }));
        Should.Throw<ArgumentException>(() => PacketWriter.TryWrite(_output, new ConnectPacket { Version = MqttVersion.V311, ClientId = new string('a', 65_536) }));
        Should.Throw<ArgumentException>(() => PacketWriter.TryWrite(_output, new ConnectPacket { Version = MqttVersion.V311, ClientId = "a", Password = new byte[1] }));
        Written.ShouldBeEmpty();
    }

    private byte[] Written => _output.WrittenSpan.ToArray();
}
