using System.Text;
using Kuzzle.Edge.Devices.Sensors;

namespace Kuzzle.Edge.Devices.Tests.Sensors;

/// <summary>Plain topics that remember what was published, and hand retained messages to those who subscribe, as a broker does.</summary>
internal sealed class RecordingTopics : IPlainTopics
{
    private readonly Lock _gate = new();
    private readonly List<(string Topic, string Payload, Retention Retention)> _published = [];
    private readonly Dictionary<string, byte[]> _retained = new(StringComparer.Ordinal);
    private readonly List<(string Filter, Func<string, ReadOnlyMemory<byte>, CancellationToken, ValueTask> Handle)> _subscriptions = [];

    public IReadOnlyList<(string Topic, string Payload, Retention Retention)> Published
    {
        get
        {
            lock (_gate) return [.. _published];
        }
    }

    public IReadOnlyDictionary<string, string> Retained
    {
        get
        {
            lock (_gate) return _retained.ToDictionary(entry => entry.Key, entry => Encoding.UTF8.GetString(entry.Value), StringComparer.Ordinal);
        }
    }

    /// <summary>The filters of those who listen.</summary>
    public IReadOnlyList<string> Filters
    {
        get
        {
            lock (_gate) return [.. _subscriptions.Select(subscription => subscription.Filter)];
        }
    }

    /// <summary>What whoever subscribes waits for.</summary>
    public Task Answers { get; set; } = Task.CompletedTask;

    public void Publish(string topic, ReadOnlyMemory<byte> payload, Retention retention)
    {
        lock (_gate)
        {
            _published.Add((topic, Encoding.UTF8.GetString(payload.Span), retention));
            if (retention == Retention.Passing) return;
            if (payload.IsEmpty) _retained.Remove(topic);
            else _retained[topic] = payload.ToArray();
        }
    }

    public async ValueTask<IAsyncDisposable> SubscribeAsync(string filter, Func<string, ReadOnlyMemory<byte>, CancellationToken, ValueTask> handle)
    {
        await Answers;
        List<KeyValuePair<string, byte[]>> retained;
        lock (_gate)
        {
            _subscriptions.Add((filter, handle));
            retained = [.. _retained.Where(entry => Matches(filter, entry.Key))];
        }

        foreach (var (topic, payload) in retained) await handle(topic, payload, CancellationToken.None);
        return new Subscription(this, handle);
    }

    /// <summary>A client publishes.</summary>
    public async Task SayAsync(string topic, string payload)
    {
        List<Func<string, ReadOnlyMemory<byte>, CancellationToken, ValueTask>> handlers;
        lock (_gate) handlers = [.. _subscriptions.Where(subscription => Matches(subscription.Filter, topic)).Select(subscription => subscription.Handle)];
        foreach (var handle in handlers) await handle(topic, Encoding.UTF8.GetBytes(payload), CancellationToken.None);
    }

    private static bool Matches(string filter, string topic)
    {
        var (wanted, levels) = (filter.Split('/'), topic.Split('/'));
        return wanted.Length == levels.Length && wanted.Zip(levels).All(pair => pair.First == "+" || pair.First == pair.Second);
    }

    private sealed class Subscription(RecordingTopics topics, Func<string, ReadOnlyMemory<byte>, CancellationToken, ValueTask> handle) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            lock (topics._gate) topics._subscriptions.RemoveAll(subscription => subscription.Handle == handle);
            return ValueTask.CompletedTask;
        }
    }
}
