using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Mqtt.Tests.Packets;

public sealed class RoundTripTests
{
    public static TheoryData<PacketType, PacketDirection, MqttVersion> Kinds
    {
        get
        {
            var data = new TheoryData<PacketType, PacketDirection, MqttVersion>();
            foreach (var (type, direction, version) in PacketFactory.Kinds) data.Add(type, direction, version);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_was_written_is_read(PacketType type, PacketDirection direction, MqttVersion version) =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var (bytes, description) = new PacketFactory(new Random(seed)).Make(type, direction, version);
            using var reader = Wire.Reader(type == PacketType.Connect ? MqttVersion.Unknown : version, direction);

            Wire.Describe(reader, bytes).ShouldBe(description);
            reader.TryRead(bytes, out var packet, out _).ShouldBe(type == PacketType.Connect ? OperationStatus.InvalidData : OperationStatus.Done); // a second CONNECT
            if (type != PacketType.Connect) Wire.Rewrite(packet, version).ShouldBe(bytes);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Packets_arrive_whole_however_the_network_cuts_them(PacketType type, PacketDirection direction, MqttVersion version)
    {
        var factory = new PacketFactory(new Random(7));
        var (first, firstDescription) = factory.Make(type, direction, version);
        var (second, secondDescription) = type == PacketType.Connect ? factory.Make(PacketType.Pingreq, direction, version) : factory.Make(type, direction, version);
        byte[] stream = [.. first, .. second];

        for (var cut = 1; cut < stream.Length; cut++)
        {
            using var reader = Wire.Reader(type == PacketType.Connect ? MqttVersion.Unknown : version, direction);
            var received = Segments.Of(stream.AsMemory(0, cut), stream.AsMemory(cut));

            reader.TryRead(ref received, out var packet).ShouldBe(OperationStatus.Done);
            Wire.Describe(packet).ShouldBe(firstDescription, $"cut at {cut}");
            reader.TryRead(ref received, out packet).ShouldBe(OperationStatus.Done);
            Wire.Describe(packet).ShouldBe(secondDescription, $"cut at {cut}");
            reader.TryRead(ref received, out _).ShouldBe(OperationStatus.NeedMoreData);
            received.Length.ShouldBe(0);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_packet_that_is_not_all_there_is_waited_for_and_nothing_is_consumed(PacketType type, PacketDirection direction, MqttVersion version)
    {
        var (bytes, description) = new PacketFactory(new Random(11)).Make(type, direction, version);
        using var reader = Wire.Reader(type == PacketType.Connect ? MqttVersion.Unknown : version, direction);

        for (var length = 0; length < bytes.Length; length++)
        {
            var whole = new ReadOnlySequence<byte>(bytes, 0, length);
            var single = Segments.Of([.. Enumerable.Range(0, length).Select(at => bytes.AsMemory(at, 1))]);

            reader.TryRead(ref whole, out _).ShouldBe(OperationStatus.NeedMoreData);
            reader.TryRead(ref single, out _).ShouldBe(OperationStatus.NeedMoreData);
            (whole.Length, single.Length).ShouldBe((length, length));
        }

        Wire.Describe(reader, bytes).ShouldBe(description);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_body_that_is_shorter_or_longer_than_its_fields_is_refused_or_means_something_else(PacketType type, PacketDirection direction, MqttVersion version)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var (bytes, description) = new PacketFactory(new Random(seed)).Make(type, direction, version);
            FixedHeader.TryParse(bytes, out var header).ShouldBe(OperationStatus.Done);
            for (var length = 0; length <= header.BodyLength + 1; length++)
            {
                if (length == header.BodyLength) continue;

                var changed = new byte[1 + VariableInteger.SizeOf((uint)length) + length];
                changed[0] = bytes[0];
                var at = 1 + VariableInteger.Write(changed.AsSpan(1), (uint)length);
                bytes.AsSpan(header.Length, Math.Min(length, header.BodyLength)).CopyTo(changed.AsSpan(at));
                using var reader = Wire.Reader(type == PacketType.Connect ? MqttVersion.Unknown : version, direction);

                // A reason code of zero and a property length of zero say the same as nothing at all. [MQTT5 3.4.2.1] [MQTT5 3.14.2.1]
                var onlySaysNothing = bytes.AsSpan(Math.Min(bytes.Length, header.Length + length)).TrimStart((byte)0).IsEmpty;
                if (reader.TryRead(changed, out var packet, out _) != OperationStatus.Done) reader.Fault.IsFault.ShouldBeTrue();
                else if (!(HasOptionalEnd(type, version) && onlySaysNothing)) Wire.Describe(packet).ShouldNotBe(description);
            }
        }
    }

    private static bool HasOptionalEnd(PacketType type, MqttVersion version) =>
        version == MqttVersion.V5 && type is (PacketType.Puback or PacketType.Pubrec or PacketType.Pubrel or PacketType.Pubcomp or PacketType.Disconnect);
}
