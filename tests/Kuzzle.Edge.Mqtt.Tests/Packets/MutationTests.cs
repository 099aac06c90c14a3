using System.Buffers;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Mqtt.Tests.Packets;

/// <summary>Legal packets with some bytes changed, a million of them, always the same ones.</summary>
public sealed class MutationTests
{
    private const int Mutations = 1_000_000;
    private const int Seed = 20_240_917;

    [Fact]
    public void A_mutated_packet_is_read_refused_or_waited_for_and_never_more()
    {
        var random = new Random(Seed);
        var corpus = PacketFactory.Kinds.SelectMany(kind => Enumerable.Range(0, 12).Select(_ => (kind, new PacketFactory(random).Make(kind.Type, kind.Direction, kind.Version).Bytes)))
            .ToArray();
        var outcomes = new int[4];
        var buffer = new byte[2048];

        for (var round = 0; round < Mutations; round++)
        {
            var ((type, direction, version), original) = corpus[random.Next(corpus.Length)];
            var length = Mutate(random, original, buffer);
            using var reader = Wire.Reader(type == PacketType.Connect ? MqttVersion.Unknown : version, direction);
            var status = reader.TryRead(buffer.AsSpan(0, length), out var packet, out var consumed);
            outcomes[(int)status]++;
            switch (status)
            {
                case OperationStatus.Done:
                    if (consumed > length) throw new InvalidOperationException("read past the end");
                    CheckRewritten(packet, reader.Version, direction, describe: round % 16 == 0);
                    break;
                case OperationStatus.InvalidData:
                    if (!reader.Fault.IsFault || string.IsNullOrEmpty(reader.Fault.Detail) || consumed != 0) throw new InvalidOperationException("refused without a reason");
                    break;
            }
        }

        outcomes[(int)OperationStatus.Done].ShouldBeGreaterThan(Mutations / 20);
        outcomes[(int)OperationStatus.InvalidData].ShouldBeGreaterThan(Mutations / 20);
        outcomes[(int)OperationStatus.DestinationTooSmall].ShouldBe(0);
    }

    [Fact]
    public void Noise_after_CONNECT_is_read_refused_or_waited_for_however_it_is_cut()
    {
        var random = new Random(Seed);
        var noise = new byte[64];
        for (var round = 0; round < 100_000; round++)
        {
            random.NextBytes(noise);
            var cut = random.Next(1, noise.Length);
            using var whole = Wire.Reader(MqttVersion.V5);
            using var parts = Wire.Reader(MqttVersion.V5);
            var inOne = new ReadOnlySequence<byte>(noise);
            var inTwo = Segments.Of(noise.AsMemory(0, cut), noise.AsMemory(cut));

            OperationStatus status;
            do
            {
                status = whole.TryRead(ref inOne, out _);
                parts.TryRead(ref inTwo, out _).ShouldBe(status);
                inTwo.Length.ShouldBe(inOne.Length);
            }
            while (status == OperationStatus.Done);

            parts.Fault.ShouldBe(whole.Fault);
        }
    }

    private static void CheckRewritten(PacketView packet, MqttVersion version, PacketDirection direction, bool describe)
    {
        var rewritten = Wire.Rewrite(packet, version);
        using var reader = Wire.Reader(packet.Type == PacketType.Connect ? MqttVersion.Unknown : version, direction);
        reader.TryRead(rewritten, out var again, out var consumed).ShouldBe(OperationStatus.Done, $"{reader.Fault} {Convert.ToHexString(rewritten)}");
        consumed.ShouldBe(rewritten.Length);
        if (!describe) return;

        // What an alias stood for, and the order of properties, may differ; what was written once is written the same again.
        Wire.Rewrite(again, version).ShouldBe(rewritten);
    }

    private static int Mutate(Random random, byte[] original, byte[] buffer)
    {
        original.CopyTo(buffer, 0);
        var length = original.Length;
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(length);
            switch (random.Next(6))
            {
                case 0: buffer[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: buffer[at] = (byte)random.Next(256); break;
                case 2: buffer[at] = Pick(random, [0, 1, 0x7F, 0x80, 0xFF, (byte)'#', (byte)'+', (byte)'/', 0xC2, 0xED]); break;
                case 3: length = Math.Max(1, at); break;
                case 4:
                    Array.Copy(buffer, at, buffer, at + 1, length - at);
                    length++;
                    if (buffer[1] < 0x7F) buffer[1]++;
                    break;
                default:
                    Array.Copy(buffer, at + 1, buffer, at, length - at - 1);
                    length = Math.Max(1, length - 1);
                    if (buffer[1] is > 0 and < 0x80) buffer[1]--;
                    break;
            }
        }

        return length;
    }

    private static byte Pick(Random random, ReadOnlySpan<byte> from) => from[random.Next(from.Length)];
}
