using System.Text;
using BenchmarkDotNet.Attributes;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Benchmarks.Broker.Retained;

/// <summary>What does it cost to retain a message and to find the retained messages of a new subscription?</summary>
[MemoryDiagnoser]
public class RetainedStoreBenchmark : IDisposable
{
    private const int Messages = 20_000;

    private readonly BrokerCore _core = new(new MqttBrokerOptions(), new MemoryBrokerStore(), TimeProvider.System, NullLogger.Instance);
    private readonly List<Publication> _found = [];
    private readonly byte[] _payload = new byte[64];
    private byte[][] _topics = null!;
    private int _next;

    /// <summary>Retains a message for each topic.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _topics = [.. Enumerable.Range(0, Messages).Select(i => Encoding.UTF8.GetBytes($"plant/{i / 100}/{i}"))];
        for (var i = 0; i < Messages; i++) Replace();
    }

    /// <summary>A new message for a topic that has one.</summary>
    [Benchmark(Baseline = true)]
    public bool Replace() =>
        _core.Retained.TryStore(new Publication().View(_topics[_next++ % Messages], default, _payload, 1, retain: true, long.MaxValue), out _);

    /// <summary>A filter that one topic matches.</summary>
    [Benchmark]
    public int FindOne() => Find("plant/7/707"u8);

    /// <summary>A filter that a hundred topics match.</summary>
    [Benchmark]
    public int FindHundred() => Find("plant/7/+"u8);

    /// <summary>All 20,000.</summary>
    [Benchmark]
    public int FindAll() => Find("#"u8);

    /// <inheritdoc/>
    public void Dispose()
    {
        _core.Dispose();
        GC.SuppressFinalize(this);
    }

    private int Find(ReadOnlySpan<byte> filter)
    {
        _found.Clear();
        _core.Retained.CollectMatches(filter, _found);
        return _found.Count;
    }
}
