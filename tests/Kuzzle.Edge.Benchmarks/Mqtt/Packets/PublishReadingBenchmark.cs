using System.Buffers;
using BenchmarkDotNet.Attributes;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Benchmarks.Mqtt.Packets;

/// <summary>What does reading one PUBLISH cost, out of a receive that brought a hundred of them?</summary>
[MemoryDiagnoser]
public class PublishReadingBenchmark : IDisposable
{
    private const int Packets = 100;

    private readonly PacketReader _reader311 = ReaderAfterConnect(MqttVersion.V311);
    private readonly PacketReader _reader5 = ReaderAfterConnect(MqttVersion.V5);
    private ReadOnlySequence<byte> _received311;
    private ReadOnlySequence<byte> _received5;

    /// <summary>Bytes of each payload.</summary>
    [Params(64, 1024)]
    public int PayloadBytes { get; set; }

    /// <summary>Encodes what is read.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _received311 = Encode(MqttVersion.V311);
        _received5 = Encode(MqttVersion.V5);
    }

    /// <summary>MQTT 3.1.1.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Packets)]
    public int Version311() => ReadAll(_reader311, _received311);

    /// <summary>MQTT 5.0, with a content type.</summary>
    [Benchmark(OperationsPerInvoke = Packets)]
    public int Version5() => ReadAll(_reader5, _received5);

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader311.Dispose();
        _reader5.Dispose();
        GC.SuppressFinalize(this);
    }

    private static int ReadAll(PacketReader reader, ReadOnlySequence<byte> rest)
    {
        var bytes = 0;
        while (reader.TryRead(ref rest, out var packet) == OperationStatus.Done) bytes += packet.Publish.Payload.Length;
        return bytes;
    }

    private ReadOnlySequence<byte> Encode(MqttVersion version)
    {
        var output = new ArrayBufferWriter<byte>();
        ReadOnlySpan<byte> contentType = [0x03, 0, 10, .. "text/plain"u8];
        var payload = new byte[PayloadBytes];
        var content = new PublishContent { Topic = "plant/hall-3/line-7/temperature"u8, Payload = payload, ForwardableProperties = contentType };
        for (var i = 0; i < Packets; i++)
        {
            PublishWriter.Write(output, version, QualityOfService.AtLeastOnce, content, new PublishDelivery { PacketIdentifier = (ushort)(i + 1) });
        }

        return new ReadOnlySequence<byte>(output.WrittenMemory);
    }

    private static PacketReader ReaderAfterConnect(MqttVersion version)
    {
        var connect = new ArrayBufferWriter<byte>();
        PacketWriter.TryWrite(connect, new ConnectPacket { Version = version, ClientId = "reader", CleanStart = true });
        var reader = new PacketReader(PacketDirection.ToServer, new PacketLimits());
        var received = new ReadOnlySequence<byte>(connect.WrittenMemory);
        return reader.TryRead(ref received, out _) == OperationStatus.Done ? reader : throw new InvalidOperationException(reader.Fault.ToString());
    }
}
