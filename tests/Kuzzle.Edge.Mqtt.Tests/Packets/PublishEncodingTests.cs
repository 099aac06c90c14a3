using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Mqtt.Tests.Packets;

public sealed class PublishEncodingTests
{
    [Fact]
    public void Encoded_once_and_patched_is_the_same_as_written_for_one() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var version = random.Next(2) == 0 ? MqttVersion.V311 : MqttVersion.V5;
            var qos = (QualityOfService)random.Next(3);
            var userProperty = Wire.Bytes("26 0001 'n' 0002 'vv'");
            var content = new PublishContent
            {
                Topic = "a/b"u8,
                Payload = new byte[random.Next(2) == 0 ? random.Next(300) : random.Next(20_000)],
                ForwardableProperties = Enumerable.Repeat(userProperty, random.Next(30)).SelectMany(bytes => bytes).ToArray(),
                MessageExpiryInterval = random.Next(2) == 0 ? (uint)random.Next() : null,
            };
            var encoded = EncodedPublish.Create(version, qos, content);
            for (var recipient = 0; recipient < 3; recipient++)
            {
                var delivery = new PublishDelivery
                {
                    PacketIdentifier = (ushort)random.Next(1, 65_536),
                    Duplicate = random.Next(2) == 0,
                    Retain = random.Next(2) == 0,
                    SubscriptionIdentifiers = Enumerable.Range(0, random.Next(30)).Select(_ => (uint)random.Next(1, 268_435_456)).ToArray(),
                };
                var direct = new ArrayBufferWriter<byte>();
                var patched = new ArrayBufferWriter<byte>();

                PublishWriter.Write(direct, version, qos, content, delivery).ShouldBe(encoded.WriteTo(patched, delivery));
                encoded.SizeWith(delivery.SubscriptionIdentifiers).ShouldBe(direct.WrittenCount);
                ((int)patched.WrittenCount).ShouldBe(direct.WrittenCount);
                Normalised(patched.WrittenSpan, version).ShouldBe(Normalised(direct.WrittenSpan, version));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_QoS_1_message_for_3_1_1_looks_like_this()
    {
        var output = new ArrayBufferWriter<byte>();
        var content = new PublishContent { Topic = "a/b"u8, Payload = "hello"u8, ForwardableProperties = Wire.Bytes("01 01"), MessageExpiryInterval = 9 };

        EncodedPublish.Create(MqttVersion.V311, QualityOfService.AtLeastOnce, content)
            .WriteTo(output, new PublishDelivery { PacketIdentifier = 0x1234, Duplicate = true, Retain = true, SubscriptionIdentifiers = [7] });

        output.WrittenSpan.ToArray().ShouldBe(Wire.Bytes("3B 0C 0003 'a/b' 1234 'hello'"));
    }

    [Fact]
    public void A_QoS_2_message_for_5_0_looks_like_this()
    {
        var output = new ArrayBufferWriter<byte>();
        var content = new PublishContent { Topic = "a/b"u8, Payload = "hello"u8, ForwardableProperties = Wire.Bytes("01 01"), MessageExpiryInterval = 9 };

        EncodedPublish.Create(MqttVersion.V5, QualityOfService.ExactlyOnce, content)
            .WriteTo(output, new PublishDelivery { PacketIdentifier = 1, SubscriptionIdentifiers = [7, 300] });

        output.WrittenSpan.ToArray().ShouldBe(Wire.Bytes("34 19 0003 'a/b' 0001 0C 0B07 0BAC02 02 00000009 0101 'hello'"));
    }

    [Fact]
    public void A_buffer_of_the_caller_is_used_again_until_it_is_too_short()
    {
        byte[]? buffer = null;
        var small = new PublishContent { Topic = "a"u8, Payload = new byte[10] };
        _ = EncodedPublish.Create(MqttVersion.V311, QualityOfService.AtMostOnce, small, ref buffer);
        var first = buffer;

        _ = EncodedPublish.Create(MqttVersion.V311, QualityOfService.AtMostOnce, small, ref buffer);
        buffer.ShouldBeSameAs(first);

        var large = new PublishContent { Topic = "a"u8, Payload = new byte[10_000] };
        var encoded = EncodedPublish.Create(MqttVersion.V311, QualityOfService.AtMostOnce, large, ref buffer);
        buffer!.Length.ShouldBeGreaterThanOrEqualTo(encoded.Size);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    [Fact]
    public void A_message_keeps_its_forwardable_properties_in_order_and_loses_the_rest()
    {
        using var reader = Wire.Reader(MqttVersion.V5);
        reader.TryRead(
            Wire.Bytes("30 1D 0001 'a' 18 23 0001 26 0001 'b' 0001 '1' 02 00000009 01 01 26 0001 'a' 0001 '2' 'x'"), out var packet, out _).ShouldBe(OperationStatus.Done);

        var forwarded = new byte[packet.Publish.ForwardablePropertiesLength];
        packet.Publish.CopyForwardableProperties(forwarded);

        forwarded.ShouldBe(Wire.Bytes("26 0001 'b' 0001 '1' 01 01 26 0001 'a' 0001 '2'"));
        packet.Publish.MessageExpiryInterval.ShouldBe(9u);
        packet.Publish.TopicAlias.ShouldBe((ushort)1);
    }

    [Fact]
    public void Reading_and_writing_messages_and_acknowledgements_allocates_nothing()
    {
        var stream = Wire.Bytes("32 19 0003 'a/b' 0001 0C 01 01 26 0001 'n' 0001 'v' 23 0001 'hello' 40 03 0001 10 C0 00 30 07 0001 'a' 00 'abc'");
        using var reader = Wire.Reader(MqttVersion.V5);
        var output = new ArrayBufferWriter<byte>(4096);
        Pass();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++) Pass();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Pass()
        {
            var received = new ReadOnlySequence<byte>(stream);
            while (reader.TryRead(ref received, out var packet) == OperationStatus.Done)
            {
                if (packet.Type != PacketType.Publish) continue;

                var content = new PublishContent { Topic = packet.Publish.Topic, Payload = packet.Publish.Payload };
                PublishWriter.Write(output, MqttVersion.V5, QualityOfService.AtLeastOnce, content, new PublishDelivery { PacketIdentifier = 1 });
                PacketWriter.WriteAcknowledgement(output, MqttVersion.V5, PacketType.Puback, 1, ReasonCode.NoMatchingSubscribers);
            }

            if (received.Length != 0) throw new InvalidOperationException($"{received.Length} bytes are left: {reader.Fault}");
            output.ResetWrittenCount();
        }
    }

    [Fact]
    public void The_memory_behind_a_view_is_lent()
    {
        using var reader = Wire.Reader(MqttVersion.V311);
        var packet = Wire.Bytes("30 08 0003 'a/b' 'xyz'");
        for (var cut = 1; cut < packet.Length; cut++)
        {
            var received = Segments.Of(packet.AsMemory(0, cut), packet.AsMemory(cut));
            reader.TryRead(ref received, out var view).ShouldBe(OperationStatus.Done);

            reader.MemoryOf(view.Publish.Topic).ToArray().ShouldBe("a/b"u8.ToArray());
            reader.MemoryOf(view.Publish.Payload).ToArray().ShouldBe("xyz"u8.ToArray());
            reader.MemoryOf(view.Publish.Properties).IsEmpty.ShouldBeTrue();
        }

        Should.Throw<ArgumentException>(() => reader.MemoryOf("elsewhere"u8.ToArray()));
    }

    /// <summary>Reads the packet, since the order of properties is free.</summary>
    private static string Normalised(ReadOnlySpan<byte> bytes, MqttVersion version)
    {
        using var reader = Wire.Reader(version, PacketDirection.ToClient);
        return Wire.Describe(reader, bytes);
    }
}
