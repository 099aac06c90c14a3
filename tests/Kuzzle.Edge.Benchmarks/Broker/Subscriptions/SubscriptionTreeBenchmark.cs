using System.Text;
using BenchmarkDotNet.Attributes;
using Kuzzle.Edge.Broker.Subscriptions;

namespace Kuzzle.Edge.Benchmarks.Broker.Subscriptions;

/// <summary>How long does it take to find who wants a topic, as the number of filters grows?</summary>
[MemoryDiagnoser]
public class SubscriptionTreeBenchmark
{
    private readonly TreeSearch _search = new();
    private SubscriptionTree _exact = null!;
    private SubscriptionTree _mixed = null!;
    private SubscriptionTree _deep = null!;
    private byte[][] _topics = null!;
    private byte[] _deepTopic = null!;
    private int _next;

    /// <summary>How many filters there are.</summary>
    [Params(100, 10_000, 100_000)]
    public int Filters { get; set; }

    /// <summary>Plants the trees.</summary>
    [GlobalSetup]
    public void Setup()
    {
        // A quarter each ends in /0/v, /1/v, /+/v and /#, so that a topic of the first two kinds has three that match.
        string[] tails = ["/0/v", "/1/v", "/+/v", "/#"];
        _mixed = TreeOf(i => $"plant/{i / 4 % 100}/{i / 400}{tails[i % 4]}");
        _exact = TreeOf(i => $"plant/{i % 100}/{i / 100}/0/v");
        _deep = TreeOf(i => string.Join('/', Enumerable.Range(0, 60).Select(level => ((i >> (level % 8)) & 1) == 0 ? "+" : "a")));
        _topics = [.. Enumerable.Range(0, 1024).Select(i => Bytes($"plant/{i * 7 % 100}/{i * 31 % Math.Max(1, Filters / 400)}/{i % 2}/v"))];
        _deepTopic = Bytes(string.Join('/', Enumerable.Repeat("a", 60)));
    }

    /// <summary>Only filters without wildcards.</summary>
    [Benchmark(Baseline = true)]
    public int Exact() => Search(_exact, NextTopic());

    /// <summary>Half of them with a wildcard; three match.</summary>
    [Benchmark]
    public int Mixed() => Search(_mixed, NextTopic());

    /// <summary>60 levels with a plus in every second place: 256 filters that all match, however many subscribed.</summary>
    [Benchmark]
    public int Deep() => Search(_deep, _deepTopic);

    /// <summary>A filter comes and goes.</summary>
    [Benchmark]
    public void SubscribeAndUnsubscribe()
    {
        var filter = "plant/1/2/+/v/w"u8.ToArray();
        var member = new Anybody();
        _mixed.Add(filter, member);
        _mixed.Remove(filter, member);
    }

    private int Search(SubscriptionTree tree, byte[] topic)
    {
        _search.Matches.Clear();
        tree.CollectMatches(topic, _search);
        return _search.Matches.Count;
    }

    private byte[] NextTopic() => _topics[_next++ & 1023];

    private SubscriptionTree TreeOf(Func<int, string> filter)
    {
        var tree = new SubscriptionTree();
        for (var i = 0; i < Filters; i++) tree.Add(Bytes(filter(i)), new Anybody());
        return tree;
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
