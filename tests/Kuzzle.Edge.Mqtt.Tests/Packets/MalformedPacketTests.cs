using System.Buffers;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Mqtt.Tests.Packets;

/// <summary>What a decoder must refuse, by clause. Bytes are hexadecimal; text stands in quotes.</summary>
public sealed class MalformedPacketTests
{
    private const byte Malformed = 0x81, Protocol = 0x82, Level = 0x84, Identifier = 0x85;

    [Theory]
    [InlineData("30", "PUBLISH first [MQTT-3.1.0-1]")]
    [InlineData("30 FF FF FF 7F", "an announced 256 MiB first")]
    [InlineData("C0", "PINGREQ first")]
    [InlineData("40 02 00 01", "PUBACK first")]
    [InlineData("20", "CONNACK first")]
    [InlineData("E0", "DISCONNECT first")]
    [InlineData("F0", "AUTH first")]
    [InlineData("'GET / HTTP/1.1'", "HTTP on the MQTT port")]
    public void Before_CONNECT_the_first_byte_decides(string bytes, string clause)
    {
        using var reader = new PacketReader(PacketDirection.ToServer, PacketLimits.Default);

        Wire.Status(reader, Wire.Bytes(bytes).AsSpan(0, 1)).ShouldBe(OperationStatus.InvalidData, clause);
        reader.Version.ShouldBe(MqttVersion.Unknown);
    }

    [Theory]
    [InlineData("1F 0D 0004 'MQTT' 04 02 003C 0001 'a'", Malformed, MqttVersion.Unknown, "[MQTT-2.2.2-2]")]
    [InlineData("11 0E 0004 'MQTT' 05 02 003C 00 0001 'a'", Malformed, MqttVersion.V5, "[MQTT5-2.1.3-1]")]
    [InlineData("10 0D 0004 'MQTT' 04 03 003C 0001 'a'", Malformed, MqttVersion.Unknown, "[MQTT-3.1.2-3] reserved flag")]
    [InlineData("10 0D 0004 'MQTT' 04 0A 003C 0001 'a'", Malformed, MqttVersion.Unknown, "[MQTT-3.1.2-13] will QoS without will")]
    [InlineData("10 0D 0004 'MQTT' 04 22 003C 0001 'a'", Malformed, MqttVersion.Unknown, "[MQTT-3.1.2-15] will retain without will")]
    [InlineData("10 13 0004 'MQTT' 04 1E 003C 0001 'a' 0001 'w' 0001 'p'", Malformed, MqttVersion.Unknown, "[MQTT-3.1.2-14] will QoS 3")]
    [InlineData("10 10 0004 'MQTT' 04 42 003C 0001 'a' 0001 'p'", Malformed, MqttVersion.Unknown, "[MQTT-3.1.2-22] password without user name")]
    [InlineData("10 0D 0004 'MQTT' 04 82 003C 0001 'a'", Malformed, MqttVersion.Unknown, "[MQTT-3.1.2-19] user name missing")]
    [InlineData("10 10 0004 'MQTT' 04 C2 003C 0001 'a' 0001 'u'", Malformed, MqttVersion.Unknown, "[MQTT-3.1.2-21] password missing")]
    [InlineData("10 0D 0004 'MQTT' 04 06 003C 0001 'a'", Malformed, MqttVersion.Unknown, "[MQTT-3.1.2-9] will missing")]
    [InlineData("10 0E 0004 'MQTT' 04 02 003C 0001 'a' 00", Malformed, MqttVersion.Unknown, "surplus byte")]
    [InlineData("10 0A 0004 'MQTT' 04 02 003C", Malformed, MqttVersion.Unknown, "[MQTT-3.1.3-3] no client identifier")]
    [InlineData("10 0D 0004 'MQTT' 04 02 003C 0002 'a'", Malformed, MqttVersion.Unknown, "client identifier longer than the packet")]
    [InlineData("10 0C 0004 'MQTT' 04 00 003C 0000", Identifier, MqttVersion.V311, "[MQTT-3.1.3-8] empty identifier without clean session")]
    [InlineData("10 0D 0004 'MQTT' 04 02 003C 0001 00", Malformed, MqttVersion.Unknown, "[MQTT-1.5.3-2] U+0000")]
    [InlineData("10 0E 0004 'MQTT' 04 02 003C 0002 C080", Malformed, MqttVersion.Unknown, "[MQTT-1.5.3-1] overlong")]
    [InlineData("10 0F 0004 'MQTT' 04 02 003C 0003 EDA080", Malformed, MqttVersion.Unknown, "[MQTT-1.5.3-1] surrogate")]
    [InlineData("10 12 0004 'MQTT' 04 06 003C 0001 'a' 0000 0001 'p'", Malformed, MqttVersion.Unknown, "empty will topic")]
    [InlineData("10 14 0004 'MQTT' 04 06 003C 0001 'a' 0002 '/#' 0001 'p'", Malformed, MqttVersion.Unknown, "wildcard in the will topic")]
    [InlineData("10 10 0004 'MQTT' 04 82 003C 0001 'a' 0001 FF", Malformed, MqttVersion.Unknown, "[MQTT-3.1.3-11] user name is no UTF-8")]
    [InlineData("10 0D 0004 'MQTT' 03 02 003C 0001 'a'", Level, MqttVersion.V311, "[MQTT-3.1.2-2] level 3 under the new name")]
    [InlineData("10 0D 0004 'MQTT' 06 02 003C 0001 'a'", Level, MqttVersion.V5, "[MQTT5-3.1.2-2] level 6")]
    [InlineData("10 0D 0004 'MQTT' 85 02 003C 0001 'a'", Level, MqttVersion.V311, "the mark of a bridge, which 5.0 does not need: it falls back when refused in the form of 3.1.1")]
    [InlineData("10 0F 0006 'MQIsdp' 04 02 003C 0001 'a'", Level, MqttVersion.V311, "level 4 under the old name")]
    [InlineData("10 0D 0004 'mqtt' 04 02 003C 0001 'a'", Malformed, MqttVersion.Unknown, "[MQTT-3.1.2-1] unknown name")]
    [InlineData("16 03 01 0200", Malformed, MqttVersion.Unknown, "TLS on the MQTT port")]
    [InlineData("10 00", Malformed, MqttVersion.Unknown, "nothing in it")]
    [InlineData("10 04 0004 'MQ'", Malformed, MqttVersion.Unknown, "name longer than the packet")]
    [InlineData("10 0E 0006 'MQIsdp' 03 02 003C 0000", Identifier, MqttVersion.V31, "3.1: an identifier of 1 to 23 characters")]
    [InlineData("10 0E 0004 'MQTT' 05 02 003C 00 0001 00", Identifier, MqttVersion.V5, "[MQTT5-3.1.3-4] U+0000")]
    [InlineData("10 0E 0004 'MQTT' 05 03 003C 00 0001 'a'", Malformed, MqttVersion.V5, "[MQTT5-3.1.2-3]")]
    [InlineData("10 14 0004 'MQTT' 05 02 003C 06 11 00000001 '&' 0001 'a'", Malformed, MqttVersion.V5, "property cut")]
    [InlineData("10 18 0004 'MQTT' 05 02 003C 0A 11 00000001 11 00000002 0001 'a'", Protocol, MqttVersion.V5, "Session Expiry twice")]
    [InlineData("10 11 0004 'MQTT' 05 02 003C 03 21 0000 0001 'a'", Protocol, MqttVersion.V5, "Receive Maximum 0")]
    [InlineData("10 13 0004 'MQTT' 05 02 003C 05 27 00000000 0001 'a'", Protocol, MqttVersion.V5, "Maximum Packet Size 0")]
    [InlineData("10 10 0004 'MQTT' 05 02 003C 02 19 02 0001 'a'", Protocol, MqttVersion.V5, "Request Response Information 2")]
    [InlineData("10 10 0004 'MQTT' 05 02 003C 02 17 02 0001 'a'", Protocol, MqttVersion.V5, "Request Problem Information 2")]
    [InlineData("10 12 0004 'MQTT' 05 02 003C 04 16 0001 'd' 0001 'a'", Protocol, MqttVersion.V5, "Authentication Data without Method")]
    [InlineData("10 10 0004 'MQTT' 05 02 003C 02 01 00 0001 'a'", Malformed, MqttVersion.V5, "Payload Format does not belong here")]
    [InlineData("10 10 0004 'MQTT' 05 02 003C 02 00 00 0001 'a'", Malformed, MqttVersion.V5, "unknown property 0")]
    [InlineData("10 10 0004 'MQTT' 05 02 003C 02 7F 00 0001 'a'", Malformed, MqttVersion.V5, "unknown property 127")]
    [InlineData("10 0F 0004 'MQTT' 05 02 003C 80 00 0001 'a'", Malformed, MqttVersion.V5, "[MQTT5-1.5.5-1] property length not minimal")]
    [InlineData("10 12 0004 'MQTT' 05 02 003C FF FF FF FF 01 0001 'a'", Malformed, MqttVersion.V5, "five-byte property length")]
    [InlineData("10 0E 0004 'MQTT' 05 02 003C 7F 0001 'a'", Malformed, MqttVersion.V5, "property length beyond the packet")]
    [InlineData("10 8E 00 0004 'MQTT' 05 02 003C 00 0001 'a'", Malformed, MqttVersion.V5, "[MQTT5-1.5.5-1] remaining length not minimal")]
    [InlineData("10 1B 0004 'MQTT' 05 06 003C 00 0001 'a' 06 21 0001 21 0002 0001 'w' 0001 'p'", Malformed, MqttVersion.V5, "Receive Maximum in a will")]
    public void A_CONNECT_is_refused_in_the_words_its_sender_understands(string bytes, byte code, MqttVersion answerIn, string clause)
    {
        using var reader = new PacketReader(PacketDirection.ToServer, PacketLimits.Default);

        Wire.Status(reader, Wire.Bytes(bytes)).ShouldBe(OperationStatus.InvalidData, clause);
        ((byte)reader.Fault.Code).ShouldBe(code, reader.Fault.Detail);
        reader.Version.ShouldBe(answerIn);
    }

    [Theory]
    [InlineData("10 0D 0004 'MQTT' 04 02 003C 0001 'a'", MqttVersion.V311, "plain")]
    [InlineData("10 8D 00 0004 'MQTT' 04 02 003C 0001 'a'", MqttVersion.V311, "3.1.1 does not ask for the shortest remaining length")]
    [InlineData("10 0C 0004 'MQTT' 04 02 003C 0000", MqttVersion.V311, "[MQTT-3.1.3-7]")]
    [InlineData("10 0D 0004 'MQTT' 05 00 003C 00 0000", MqttVersion.V5, "[MQTT5-3.1.3-6]")]
    [InlineData("10 11 0004 'MQTT' 05 42 003C 00 0001 'a' 0001 'p'", MqttVersion.V5, "5.0: password without user name")]
    [InlineData("10 13 0004 'MQTT' 04 36 003C 0001 'a' 0001 'w' 0001 'p'", MqttVersion.V311, "retained will at QoS 2")]
    [InlineData("10 12 0004 'MQTT' 04 06 003C 0001 'a' 0001 'w' 0000", MqttVersion.V311, "empty will payload")]
    [InlineData("10 0F 0006 'MQIsdp' 03 02 003C 0001 'a'", MqttVersion.V31, "3.1")]
    [InlineData("14 0F 0006 'MQIsdp' 03 01 003C 0001 'a'", MqttVersion.V31, "3.1: flags that are not used")]
    [InlineData("10 0F 0006 'MQIsdp' 03 82 003C 0001 'a'", MqttVersion.V31, "3.1: the user name may be missing")]
    [InlineData("10 1C 0004 'MQTT' 05 02 003C 0E 26 0001 'n' 0001 'v' 26 0001 'n' 0001 'v' 0001 'a'", MqttVersion.V5, "User Property twice")]
    [InlineData("10 13 0004 'MQTT' 05 02 003C 05 11 FFFFFFFF 0001 'a'", MqttVersion.V5, "Session Expiry for ever")]
    public void A_CONNECT_is_accepted(string bytes, MqttVersion version, string clause)
    {
        using var reader = new PacketReader(PacketDirection.ToServer, PacketLimits.Default);

        Wire.Status(reader, Wire.Bytes(bytes)).ShouldBe(OperationStatus.Done, $"{clause} {reader.Fault}");
        reader.Version.ShouldBe(version);
    }

    [Theory]
    [InlineData("36 05 0001 'a' 0001", "[MQTT-3.3.1-4] QoS 3")]
    [InlineData("38 03 0001 'a'", "[MQTT-3.3.1-2] DUP at QoS 0")]
    [InlineData("30 03 0001 '#'", "[MQTT-3.3.2-2] wildcard")]
    [InlineData("30 05 0003 'a/+'", "[MQTT-3.3.2-2] wildcard")]
    [InlineData("30 02 0000", "[MQTT-4.7.3-1] empty topic")]
    [InlineData("30 03 0001 00", "[MQTT-1.5.3-2] U+0000")]
    [InlineData("30 04 0002 C080", "[MQTT-1.5.3-1]")]
    [InlineData("30 05 0003 EDA080", "[MQTT-1.5.3-1]")]
    [InlineData("30 06 0004 F4908080", "[MQTT-1.5.3-1]")]
    [InlineData("30 03 0002 'a'", "topic beyond the packet")]
    [InlineData("30 01 00", "cut in the topic length")]
    [InlineData("32 03 0001 'a'", "no packet identifier")]
    [InlineData("32 05 0001 'a' 0000", "[MQTT-2.3.1-1] identifier 0")]
    [InlineData("30 FF FF FF FF 01", "remaining length of five bytes")]
    [InlineData("00 00", "type 0")]
    [InlineData("10 0D 0004 'MQTT' 04 02 003C 0001 'a'", "[MQTT-3.1.0-2] second CONNECT")]
    [InlineData("20 02 0000", "CONNACK from a client")]
    [InlineData("90 03 0001 00", "SUBACK from a client")]
    [InlineData("B0 02 0001", "UNSUBACK from a client")]
    [InlineData("D0 00", "PINGRESP from a client")]
    [InlineData("F0 00", "type 15 in 3.1.1")]
    [InlineData("C1 00", "[MQTT-2.2.2-2] PINGREQ")]
    [InlineData("C0 01 00", "PINGREQ with a body")]
    [InlineData("E1 00", "[MQTT-3.14.1-1]")]
    [InlineData("E0 01 00", "DISCONNECT with a body")]
    [InlineData("41 02 0001", "[MQTT-2.2.2-2] PUBACK")]
    [InlineData("40 03 0001 00", "PUBACK with a surplus byte")]
    [InlineData("40 01 00", "PUBACK too short")]
    [InlineData("40 02 0000", "PUBACK for identifier 0")]
    [InlineData("60 02 0001", "[MQTT-3.6.1-1] PUBREL")]
    [InlineData("6A 02 0001", "[MQTT-3.6.1-1] PUBREL with DUP")]
    [InlineData("80 06 0001 0001 'a' 00", "[MQTT-3.8.1-1]")]
    [InlineData("82 02 0001", "[MQTT-3.8.3-3] no filter")]
    [InlineData("82 06 0000 0001 'a' 00", "[MQTT-2.3.1-1]")]
    [InlineData("82 06 0001 0001 'a' 03", "[MQTT-3-8.3-4] QoS 3")]
    [InlineData("82 06 0001 0001 'a' 40", "[MQTT-3-8.3-4] reserved bit")]
    [InlineData("82 06 0001 0001 'a' 04", "[MQTT-3-8.3-4] an option of 5.0")]
    [InlineData("82 05 0001 0001 'a'", "no QoS")]
    [InlineData("82 05 0001 0000 00", "[MQTT-4.7.3-1] empty filter")]
    [InlineData("82 07 0001 0002 'a#' 00", "[MQTT-4.7.1-2]")]
    [InlineData("82 0A 0001 0005 'a/#/b' 00", "[MQTT-4.7.1-2]")]
    [InlineData("82 07 0001 0002 '+a' 00", "[MQTT-4.7.1-3]")]
    [InlineData("82 0A 0001 0001 'a' 00 0001 FF 00", "[MQTT-3.8.3-1] the second filter")]
    [InlineData("A0 05 0001 0001 'a'", "[MQTT-3.10.1-1]")]
    [InlineData("A2 02 0001", "[MQTT-3.10.3-2] no filter")]
    [InlineData("A2 05 0000 0001 'a'", "[MQTT-2.3.1-1]")]
    [InlineData("A2 06 0001 0001 'a' 00", "surplus byte")]
    [InlineData("A2 04 0001 0000", "empty filter")]
    public void A_3_1_1_packet_is_refused(string bytes, string clause)
    {
        using var reader = Wire.Reader(MqttVersion.V311);

        Wire.Status(reader, Wire.Bytes(bytes)).ShouldBe(OperationStatus.InvalidData, clause);
        reader.Fault.Detail.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("30 06 0001 'a' 02 01 02", Protocol, "Payload Format 2")]
    [InlineData("30 08 0001 'a' 04 01 00 01 00", Protocol, "Payload Format twice")]
    [InlineData("30 07 0001 'a' 03 23 0000", 0x94, "[MQTT5-3.3.2-8] alias 0")]
    [InlineData("30 07 0001 'a' 03 23 000B", 0x94, "[MQTT5-3.3.2-9] alias above the maximum of 10")]
    [InlineData("30 03 0000 00", Protocol, "empty topic without alias")]
    [InlineData("30 06 0001 'a' 02 0B 01", Protocol, "[MQTT5-3.3.4-6] a client's subscription identifier")]
    [InlineData("30 08 0001 'a' 04 08 0001 '#'", Protocol, "[MQTT5-3.3.2-14] wildcard in the response topic")]
    [InlineData("30 08 0001 'a' 04 08 0001 FF", Malformed, "[MQTT5-3.3.2-13] response topic is no UTF-8")]
    [InlineData("30 08 0001 'a' 04 03 0001 00", Malformed, "[MQTT5-1.5.4-2] U+0000 in the content type")]
    [InlineData("30 0B 0001 'a' 07 26 0001 'n' 0001 FF", Malformed, "[MQTT5-1.5.4-1] user property value")]
    [InlineData("30 0B 0001 'a' 07 26 0001 00 0001 'v'", Malformed, "[MQTT5-1.5.4-2] user property name")]
    [InlineData("30 07 0001 'a' 03 21 0001", Malformed, "Receive Maximum in PUBLISH")]
    [InlineData("30 05 0001 'a' 01 01", Malformed, "property without value")]
    [InlineData("30 04 0001 'a' 05", Malformed, "property length beyond the packet")]
    [InlineData("30 03 0001 'a'", Malformed, "no property length")]
    [InlineData("40 03 0001 01", Malformed, "reason code that PUBACK has not")]
    [InlineData("62 03 0001 80", Malformed, "reason code that PUBREL has not")]
    [InlineData("40 05 0001 00 00 00", Malformed, "surplus byte")]
    [InlineData("40 06 0001 00 02 01 00", Malformed, "property that PUBACK has not")]
    [InlineData("40 02 0000", Protocol, "[MQTT5-2.2.1-3]")]
    [InlineData("E0 01 8E", Malformed, "session taken over, from a client")]
    [InlineData("E0 0C 00 0A 11 00000001 11 00000001", Protocol, "Session Expiry twice")]
    [InlineData("F0 00", Malformed, "AUTH with success from a client")]
    [InlineData("F0 02 18 00", Protocol, "AUTH without method")]
    [InlineData("F0 06 18 04 16 0001 'd'", Protocol, "AUTH with data but no method")]
    [InlineData("82 07 0001 00 0001 'a' 30", Protocol, "Retain Handling 3")]
    [InlineData("82 07 0001 00 0001 'a' 40", Malformed, "[MQTT5-3.8.3-5]")]
    [InlineData("82 07 0001 00 0001 'a' 03", Malformed, "QoS 3")]
    [InlineData("82 10 0001 00 000A '$share/g/a' 04", Protocol, "[MQTT5-3.8.3-4] No Local on a shared subscription")]
    [InlineData("82 09 0001 02 0B 00 0001 'a' 00", Protocol, "Subscription Identifier 0")]
    [InlineData("82 0B 0001 04 0B 01 0B 02 0001 'a' 00", Protocol, "Subscription Identifier twice")]
    [InlineData("82 0A 0001 03 0B 80 00 0001 'a' 00", Malformed, "[MQTT5-1.5.5-1]")]
    [InlineData("82 03 0001 00", Protocol, "[MQTT5-3.8.3-2]")]
    [InlineData("82 06 0001 00 0000 00", Malformed, "[MQTT5-4.7.3-1]")]
    [InlineData("A2 03 0001 00", Protocol, "[MQTT5-3.10.3-2]")]
    [InlineData("C0 80 00", Malformed, "[MQTT5-1.5.5-1] remaining length not minimal")]
    public void A_5_0_packet_is_refused_with_its_code(string bytes, byte code, string clause)
    {
        using var reader = Wire.Reader(MqttVersion.V5);

        Wire.Status(reader, Wire.Bytes(bytes)).ShouldBe(OperationStatus.InvalidData, clause);
        ((byte)reader.Fault.Code).ShouldBe(code, clause);
    }

    [Theory]
    [InlineData(MqttVersion.V311, "20 03 0000 00", "too long")]
    [InlineData(MqttVersion.V311, "20 02 0200", "[MQTT-3.2.2-1] reserved flag")]
    [InlineData(MqttVersion.V311, "20 02 0101", "[MQTT-3.2.2-4] session present beside a refusal")]
    [InlineData(MqttVersion.V311, "20 02 0006", "unknown return code")]
    [InlineData(MqttVersion.V311, "90 03 0001 03", "[MQTT-3.9.3-2]")]
    [InlineData(MqttVersion.V311, "90 02 0001", "no code")]
    [InlineData(MqttVersion.V311, "B0 03 0001 00", "surplus byte")]
    [InlineData(MqttVersion.V311, "E0 00", "DISCONNECT from a 3.1.1 server")]
    [InlineData(MqttVersion.V311, "82 06 0001 0001 'a' 00", "SUBSCRIBE from a server")]
    [InlineData(MqttVersion.V311, "C0 00", "PINGREQ from a server")]
    [InlineData(MqttVersion.V5, "20 02 0000", "no property length")]
    [InlineData(MqttVersion.V5, "20 05 0000 02 24 02", "Maximum QoS 2")]
    [InlineData(MqttVersion.V5, "20 06 0000 03 21 0000", "Receive Maximum 0")]
    [InlineData(MqttVersion.V5, "20 03 0001 00", "unknown reason code")]
    [InlineData(MqttVersion.V5, "E0 07 00 05 11 00000001", "[MQTT5-3.14.2-2]")]
    [InlineData(MqttVersion.V5, "E0 01 04", "a client's reason code")]
    [InlineData(MqttVersion.V5, "30 06 0001 'a' 02 0B 00", "Subscription Identifier 0")]
    [InlineData(MqttVersion.V5, "B0 03 0001 00", "no code")]
    [InlineData(MqttVersion.V5, "F0 02 19 00", "re-authentication begun by a server")]
    public void A_client_is_as_strict_with_its_server(MqttVersion version, string bytes, string clause)
    {
        using var reader = Wire.Reader(version, PacketDirection.ToClient);

        Wire.Status(reader, Wire.Bytes(bytes)).ShouldBe(OperationStatus.InvalidData, clause);
    }

    [Theory]
    [InlineData("40 02 0001", "without reason code")]
    [InlineData("40 03 0001 10", "without property length")]
    [InlineData("40 04 0001 00 00", "with both")]
    [InlineData("62 03 0001 92", "PUBREL")]
    [InlineData("E0 00", "DISCONNECT")]
    [InlineData("E0 01 04", "DISCONNECT with will")]
    [InlineData("E0 02 00 00", "DISCONNECT with property length")]
    [InlineData("F0 06 19 04 15 0001 'm'", "AUTH")]
    [InlineData("30 06 0000 03 23 000A", "alias alone")]
    [InlineData("30 0B 0001 'a' 07 26 0001 'n' 0001 0A", "a line feed in a user property is text")]
    [InlineData("82 07 0001 00 0001 'a' 2E", "all options")]
    public void A_5_0_packet_may_take_its_short_and_its_long_form(string bytes, string form)
    {
        using var reader = Wire.Reader(MqttVersion.V5);

        Wire.Status(reader, Wire.Bytes(bytes)).ShouldBe(OperationStatus.Done, $"{form} {reader.Fault}");
    }

    [Theory]
    [InlineData("a#")]
    [InlineData("a/#/b")]
    [InlineData("+a")]
    [InlineData("$share/g")]
    [InlineData("$share//a")]
    [InlineData("$share/g+/a")]
    public void In_5_0_a_filter_that_is_not_well_formed_refuses_itself_and_not_its_neighbours(string filter)
    {
        using var reader = Wire.Reader(MqttVersion.V5);
        byte[] body = [.. Wire.Bytes($"0001 00 0001 'a' 01 00 {filter.Length:X2} '{filter}' 01 0001 'b' 02")];

        reader.TryRead([0x82, (byte)body.Length, .. body], out var packet, out _).ShouldBe(OperationStatus.Done);

        packet.Subscribe.Subscriptions.Select(subscription => subscription.Refusal)
            .ShouldBe([ReasonCode.Success, ReasonCode.TopicFilterInvalid, ReasonCode.Success]);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public void A_filter_with_too_many_levels_is_refused_without_ending_the_connection(MqttVersion version)
    {
        using var reader = Wire.Reader(version);
        var output = new ArrayBufferWriter<byte>();
        PacketWriter.TryWrite(output, version, new SubscribePacket
        {
            PacketIdentifier = 1,
            Subscriptions = [new() { Filter = new string('/', 65_535) }, new() { Filter = new string('/', 200) }, new() { Filter = new string('/', 201) }],
        }).ShouldBeTrue();

        reader.TryRead(output.WrittenSpan, out var packet, out _).ShouldBe(OperationStatus.Done);

        packet.Subscribe.Subscriptions.Select(subscription => subscription.Refusal)
            .ShouldBe([ReasonCode.TopicFilterInvalid, ReasonCode.Success, ReasonCode.TopicFilterInvalid]);
    }

    [Fact]
    public void A_topic_with_too_many_levels_is_refused()
    {
        using var reader = Wire.Reader(MqttVersion.V311);
        byte[] packet = [0x30, 0x81, 0x80, 0x04, 0xFF, 0xFF, .. Enumerable.Repeat((byte)'/', 65_535)];

        Wire.Status(reader, packet).ShouldBe(OperationStatus.InvalidData);
        reader.Fault.Code.ShouldBe(ReasonCode.TopicNameInvalid);
    }

    [Fact]
    public void The_size_is_refused_from_the_header()
    {
        using var reader = new PacketReader(PacketDirection.ToServer, PacketLimits.Default with { MaxPacketBytes = 100, MaxConnectBytes = 50 });

        Wire.Status(reader, [0x10, 49]).ShouldBe(OperationStatus.InvalidData);
        reader.Fault.Code.ShouldBe(ReasonCode.PacketTooLarge);

        Wire.Status(reader, Wire.Bytes("10 0D 0004 'MQTT' 05 02 003C 00 0000")).ShouldBe(OperationStatus.Done);
        Wire.Status(reader, [0x30, 98]).ShouldBe(OperationStatus.NeedMoreData);
        Wire.Status(reader, [0x30, 99]).ShouldBe(OperationStatus.InvalidData);
        reader.Fault.Code.ShouldBe(ReasonCode.PacketTooLarge);
        Wire.Status(reader, [0x30, 0xFF, 0xFF, 0xFF, 0x7F]).ShouldBe(OperationStatus.InvalidData);
        reader.Fault.Code.ShouldBe(ReasonCode.PacketTooLarge);
    }

    [Fact]
    public void User_properties_have_a_bound()
    {
        using var reader = new PacketReader(PacketDirection.ToServer, PacketLimits.Default with { MaxUserProperties = 2 }, MqttVersion.V5);
        byte[] two = [.. Wire.Bytes("26 0001 'n' 0001 'v' 26 0001 'n' 0001 'v'")];

        Wire.Status(reader, [0x30, 18, 0, 1, (byte)'a', 14, .. two]).ShouldBe(OperationStatus.Done);
        Wire.Status(reader, [0x30, 32, 0, 1, (byte)'a', 28, .. two, .. two]).ShouldBe(OperationStatus.InvalidData);
        reader.Fault.Code.ShouldBe(ReasonCode.QuotaExceeded);
    }

    [Fact]
    public void A_3_1_client_may_repeat_with_DUP()
    {
        using var reader = Wire.Reader(MqttVersion.V31);

        Wire.Status(reader, Wire.Bytes("6A 02 0001")).ShouldBe(OperationStatus.Done);
        Wire.Status(reader, Wire.Bytes("8A 06 0001 0001 'a' 00")).ShouldBe(OperationStatus.Done);
        Wire.Status(reader, Wire.Bytes("62 02 0001")).ShouldBe(OperationStatus.Done);
    }

    [Fact]
    public void A_clients_reader_cannot_be_made_without_a_version() =>
        Should.Throw<ArgumentException>(() => new PacketReader(PacketDirection.ToClient, PacketLimits.Default));
}
