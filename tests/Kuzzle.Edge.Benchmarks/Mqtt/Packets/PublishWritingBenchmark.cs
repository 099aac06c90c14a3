using System.Buffers;
using BenchmarkDotNet.Attributes;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Benchmarks.Mqtt.Packets;

/// <summary>What does writing one PUBLISH with 64 bytes of payload cost: for one recipient, and for each of many who share the encoding?</summary>
[MemoryDiagnoser]
public class PublishWritingBenchmark
{
    private readonly ArrayBufferWriter<byte> _output = new(1024);
    private readonly byte[] _payload = new byte[64];
    private EncodedPublish _encoded;

    /// <summary>The version of the recipients.</summary>
    [Params(MqttVersion.V311, MqttVersion.V5)]
    public MqttVersion Version { get; set; }

    private PublishContent Content => new() { Topic = "plant/hall-3/line-7/temperature"u8, Payload = _payload };

    /// <summary>Encodes what is shared.</summary>
    [GlobalSetup]
    public void Setup() => _encoded = EncodedPublish.Create(Version, QualityOfService.AtLeastOnce, Content);

    /// <summary>From its parts.</summary>
    [Benchmark(Baseline = true)]
    public int ForOne()
    {
        _output.ResetWrittenCount();
        return PublishWriter.Write(_output, Version, QualityOfService.AtLeastOnce, Content, new PublishDelivery { PacketIdentifier = 7 });
    }

    /// <summary>From what was encoded before.</summary>
    [Benchmark]
    public int ForEachOfMany()
    {
        _output.ResetWrittenCount();
        return _encoded.WriteTo(_output, new PublishDelivery { PacketIdentifier = 7 });
    }
}
