using System.Buffers;
using Kuzzle.Edge.Fuzz.Seeds;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Fuzz.Codec;

/// <summary>
/// Feeds the packet reader, as a server and as a client. Every packet must be read, refused with a reason or waited for; nothing is thrown, no more is consumed
/// than the packet says of itself, no more is allocated than its bytes are worth, and cuts between segments change nothing.
/// </summary>
internal sealed class CodecFuzz(int seed, FuzzLimit limit)
{
    private const int PacketsPerShare = 20_000;

    // A subscription of four bytes becomes a record with a string, a user property of five bytes a record with two: some 25 bytes for each on the wire.
    private const int AllocatedPerByte = 64;
    private const int AllocatedPerPacket = 4096;

    private static readonly PacketLimits Limits = PacketLimits.Default with { TopicAliasMaximum = 10, MaxPacketBytes = 1024 * 1024 };

    private static readonly ILookup<(PacketDirection, MqttVersion), Seed> Streams = Corpus.All.ToLookup(packet => (packet.Direction, packet.Version));

    private long _read;
    private long _refused;
    private long _waited;
    private long _checksum;

    public async Task<FuzzReport> RunAsync()
    {
        await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(RunShares)));
        return new FuzzReport("codec", seed, limit.Done, limit.Elapsed, $"read {_read:N0}, refused {_refused:N0}, waited for {_waited:N0} (checksum {_checksum:x})");
    }

    private void RunShares()
    {
        for (var share = limit.NextShare(); share >= 0; share = limit.NextShare())
        {
            new Share(this, FuzzLimit.RandomFor(seed, share), $"--seed {seed}, share {share}").Run();
            limit.Count(PacketsPerShare);
        }
    }

    /// <summary>So many packets, which follow from one number, one after the other.</summary>
    private sealed class Share(CodecFuzz run, Random random, string name)
    {
        private readonly Mutator _mutator = new(random);
        private readonly byte[] _stream = new byte[4 * Mutator.LargestPacket];
        private readonly int[] _ends = new int[4];
        private readonly byte[] _forwarded = new byte[Mutator.LargestPacket];
        private readonly Seed[][] _streams = [.. Streams.Select(seeds => seeds.ToArray())];
        private long _read;
        private long _refused;
        private long _waited;
        private long _checksum;

        public void Run()
        {
            for (var fed = 0; fed < PacketsPerShare;)
            {
                var seeds = _streams[random.Next(_streams.Length)];
                fed += Feed(seeds, Math.Min(_ends.Length, PacketsPerShare - fed));
            }

            Interlocked.Add(ref run._read, _read);
            Interlocked.Add(ref run._refused, _refused);
            Interlocked.Add(ref run._waited, _waited);
            Interlocked.Add(ref run._checksum, _checksum);
        }

        /// <summary>A few packets in a row, as one connection would bring them. Each is looked at by itself, too, whatever the one before has done.</summary>
        private int Feed(Seed[] seeds, int atMost)
        {
            var count = random.Next(1, atMost + 1);
            var length = 0;
            for (var i = 0; i < count; i++)
            {
                var packet = seeds[random.Next(seeds.Length)];
                var written = random.Next(8) == 0 ? Mutator.Copy(packet, _stream.AsSpan(length)) : _mutator.Mutate(packet, seeds, _stream.AsSpan(length));
                var bytes = _stream.AsSpan(length, written);
                Look(bytes, packet);
                length += written;
                _ends[i] = length;
            }

            FollowStream(seeds[0], _stream.AsMemory(0, length), _ends[random.Next(count)]);
            return count;
        }

        private void Look(ReadOnlySpan<byte> bytes, Seed seed)
        {
            using var reader = ReaderFor(seed);
            var allowed = AllocatedPerPacket + (AllocatedPerByte * (long)bytes.Length);
            if (Read(reader, bytes, out var status, out var consumed) > allowed)
            {
                // What happens once in a process, such as filling a table, does not happen again.
                using var again = ReaderFor(seed);
                if (Read(again, bytes, out _, out _) is var allocated && allocated > allowed) throw Bad($"{allocated} bytes were allocated", bytes);
            }

            Check(status, consumed, reader, bytes);
        }

        /// <returns>How many bytes were allocated.</returns>
        private long Read(PacketReader reader, ReadOnlySpan<byte> bytes, out OperationStatus status, out int consumed)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                status = reader.TryRead(bytes, out var packet, out consumed);
                if (status == OperationStatus.Done) _checksum += Use(packet);
            }
            catch (Exception thrown)
            {
                throw new Finding($"{name}: {thrown.GetType().Name} for {Convert.ToHexString(bytes)}", thrown);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        private void Check(OperationStatus status, int consumed, PacketReader reader, ReadOnlySpan<byte> bytes)
        {
            var announced = Announced(bytes);
            switch (status)
            {
                case OperationStatus.Done:
                    _read++;
                    if (consumed != announced) throw Bad($"{consumed} bytes were consumed of a packet of {announced}", bytes);
                    break;
                case OperationStatus.InvalidData:
                    _refused++;
                    if (consumed != 0) throw Bad("a refused packet was consumed", bytes);
                    if (!reader.Fault.IsFault || string.IsNullOrEmpty(reader.Fault.Detail)) throw Bad("it was refused without a reason", bytes);
                    break;
                case OperationStatus.NeedMoreData:
                    _waited++;
                    if (consumed != 0) throw Bad("a packet that is not there was consumed", bytes);
                    if (announced <= bytes.Length && announced > 0) throw Bad("all of it is there, and it was waited for", bytes);
                    if (announced > Limits.MaxPacketBytes) throw Bad("a packet was waited for that is larger than allowed", bytes);
                    break;
                default:
                    throw Bad($"the answer was {status}", bytes);
            }
        }

        /// <summary>The same stream whole and cut in two gives the same packets and the same end.</summary>
        private void FollowStream(Seed seed, ReadOnlyMemory<byte> stream, int end)
        {
            var cut = random.Next(end + 1);
            var whole = new ReadOnlySequence<byte>(stream);
            var parts = Piece.Cut(stream, cut);
            using var first = ReaderFor(seed);
            using var second = ReaderFor(seed);
            while (true)
            {
                OperationStatus status;
                OperationStatus again;
                long used;
                long usedAgain;
                try
                {
                    status = first.TryRead(ref whole, out var packet);
                    used = status == OperationStatus.Done ? Use(packet) : 0;
                    again = second.TryRead(ref parts, out packet);
                    usedAgain = again == OperationStatus.Done ? Use(packet) : 0;
                }
                catch (Exception thrown)
                {
                    throw new Finding($"{name}: {thrown.GetType().Name} for {Convert.ToHexString(stream.Span)} cut at {cut}", thrown);
                }

                if (status != again || whole.Length != parts.Length || used != usedAgain || first.Fault != second.Fault)
                    throw Bad($"whole it was {status} {first.Fault}, cut at {cut} {again} {second.Fault}", stream.Span);
                if (status != OperationStatus.Done || whole.IsEmpty) return;
            }
        }

        /// <summary>Touches everything that a reader of the packet would: what is decoded late must not fail late.</summary>
        private long Use(in PacketView packet)
        {
            switch (packet.Type)
            {
                case PacketType.Publish:
                    var publish = packet.Publish;
                    publish.CopyForwardableProperties(_forwarded);
                    return publish.PacketIdentifier + publish.Payload.Length + publish.TopicAlias + Sum(publish.Topic) + Sum(publish.Properties) + Walk(publish.Properties);
                case PacketType.Puback or PacketType.Pubrec or PacketType.Pubrel or PacketType.Pubcomp:
                    return packet.Acknowledgement.PacketIdentifier + (int)packet.Acknowledgement.ReasonCode + Walk(packet.Acknowledgement.Properties);
                case PacketType.Connect: return packet.Connect.ClientId.Length + (packet.Connect.Will?.Topic.Length ?? 0);
                case PacketType.Connack: return (int)packet.Connack.ReasonCode;
                case PacketType.Subscribe: return packet.Subscribe.PacketIdentifier + packet.Subscribe.Subscriptions.Length;
                case PacketType.Suback: return packet.Suback.PacketIdentifier + packet.Suback.ReasonCodes.Length;
                case PacketType.Unsubscribe: return packet.Unsubscribe.PacketIdentifier + packet.Unsubscribe.Filters.Length;
                case PacketType.Unsuback: return packet.Unsuback.PacketIdentifier + packet.Unsuback.ReasonCodes.Length;
                case PacketType.Disconnect: return (int)packet.Disconnect.ReasonCode;
                case PacketType.Auth: return (int)packet.Auth.ReasonCode;
                default: return (int)packet.Type;
            }
        }

        private static long Sum(ReadOnlySpan<byte> bytes)
        {
            long sum = 0;
            foreach (var value in bytes) sum += value;
            return sum;
        }

        private static long Walk(ReadOnlySpan<byte> properties)
        {
            long sum = 0;
            var reader = new PropertyReader(properties);
            while (reader.MoveNext()) sum += (int)reader.Id + reader.Integer + reader.Bytes.Length + reader.Name.Length;
            return sum;
        }

        private static PacketReader ReaderFor(Seed seed) =>
            new(seed.Direction, Limits, seed.Type == PacketType.Connect ? MqttVersion.Unknown : seed.Version);

        /// <summary>How long a packet says it is, header included; 0 while it has not said, -1 when it never will.</summary>
        private static long Announced(ReadOnlySpan<byte> bytes)
        {
            long length = 0;
            for (var at = 1; at < 5; at++)
            {
                if (at >= bytes.Length) return 0;

                length |= (long)(bytes[at] & 0x7F) << (7 * (at - 1));
                if (bytes[at] < 0x80) return 1 + at + length;
            }

            return -1;
        }

        private Finding Bad(string what, ReadOnlySpan<byte> bytes) => new($"{name}: {what}: {Convert.ToHexString(bytes)}");
    }
}
