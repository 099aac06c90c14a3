using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Metrics;

/// <summary>Counts what happens for one of several reasons. For what is rarer than messages; the reasons are a fixed few, never what a client has sent.</summary>
internal sealed class TaggedCount
{
    private static readonly string[] Names = [.. Enumerable.Range(0, 256).Select(code => NameOf(((ReasonCode)code).ToString()))];

    private readonly ConcurrentDictionary<string, StrongBox<long>> _counts = new();

    public long Total => _counts.Values.Sum(count => Volatile.Read(ref count.Value));

    public void Count(ReasonCode reason) => Count(Names[(byte)reason]);

    public void Count(string reason) => Interlocked.Increment(ref _counts.GetOrAdd(reason, static _ => new StrongBox<long>()).Value);

    public long Of(string reason) => _counts.TryGetValue(reason, out var count) ? Volatile.Read(ref count.Value) : 0;

    public IEnumerable<Measurement<long>> Read()
    {
        foreach (var (reason, count) in _counts) yield return new Measurement<long>(Volatile.Read(ref count.Value), new KeyValuePair<string, object?>("reason", reason));
    }

    /// <summary><c>QuotaExceeded</c> is <c>quota_exceeded</c>.</summary>
    private static string NameOf(string code) => string.Concat(code.Select((letter, at) => char.IsUpper(letter) ? (at == 0 ? "" : "_") + char.ToLowerInvariant(letter) : letter.ToString()));
}
