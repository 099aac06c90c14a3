using System.Buffers;
using BenchmarkDotNet.Attributes;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Benchmarks.Mqtt.Packets;

/// <summary>What does a new connection's first packet cost, the reader included?</summary>
[MemoryDiagnoser]
public class ConnectBenchmark
{
    private readonly ArrayBufferWriter<byte> _output = new(1024);
    private ConnectPacket _packet = null!;
    private byte[] _received = null!;

    /// <summary>The version of the client.</summary>
    [Params(MqttVersion.V311, MqttVersion.V5)]
    public MqttVersion Version { get; set; }

    /// <summary>Makes the packet of a device with credentials and a will.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _packet = new ConnectPacket
        {
            Version = Version,
            ClientId = "hall-3-line-7",
            CleanStart = true,
            KeepAlive = 60,
            UserName = "device",
            Password = "secret"u8.ToArray(),
            Will = new WillMessage { Topic = "plant/hall-3/line-7/status", Payload = "gone"u8.ToArray() },
        };
        Write();
        _received = _output.WrittenSpan.ToArray();
    }

    /// <summary>Reads it.</summary>
    [Benchmark(Baseline = true)]
    public OperationStatus Read()
    {
        using var reader = new PacketReader(PacketDirection.ToServer, PacketLimits.Default);
        return reader.TryRead(_received, out _, out _);
    }

    /// <summary>Writes it.</summary>
    [Benchmark]
    public bool Write()
    {
        _output.ResetWrittenCount();
        return PacketWriter.TryWrite(_output, _packet);
    }
}
