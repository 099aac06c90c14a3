using System.Security.Cryptography;
using System.Text;

namespace Kuzzle.Edge.Sync.Bridges;

/// <summary>
/// What was sent to a broker of an older version, which sends it back to a bridge that subscribed to the same topic: 3.1.1 has no "not my own". Each message sent
/// cancels one that comes with the same topic and payload within the time, so of equal messages of others as many arrive as were sent. From any thread.
/// </summary>
/// <param name="clock">Time.</param>
internal sealed class EchoMemory(TimeProvider clock)
{
    /// <summary>Longer, and a message that was never echoed would swallow an equal one of somebody else; shorter, and a slow link's echo would be taken for news.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    /// <summary>Of the oldest beyond this, echoes are not recognised.</summary>
    private const int Capacity = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, Queue<long>> _expected = [];
    private readonly Queue<(UInt128 Hash, long Number, long SentAt)> _sent = new();
    private long _count;

    public void Sent(string topic, ReadOnlyMemory<byte> payload)
    {
        var hash = HashOf(topic, payload);
        lock (_lock)
        {
            Forget();
            if (!_expected.TryGetValue(hash, out var numbers)) _expected.Add(hash, numbers = new Queue<long>());
            numbers.Enqueue(++_count);
            _sent.Enqueue((hash, _count, clock.GetTimestamp()));
        }
    }

    /// <summary>Whether this is the echo of something sent.</summary>
    public bool TryCancel(string topic, ReadOnlyMemory<byte> payload)
    {
        var hash = HashOf(topic, payload);
        lock (_lock)
        {
            Forget();
            if (!_expected.TryGetValue(hash, out var numbers)) return false;

            Take(hash, numbers);
            return true;
        }
    }

    private void Forget()
    {
        while (_sent.TryPeek(out var oldest) && (_sent.Count > Capacity || clock.GetElapsedTime(oldest.SentAt) > Lifetime))
        {
            _sent.Dequeue();
            if (_expected.TryGetValue(oldest.Hash, out var numbers) && numbers.Peek() == oldest.Number) Take(oldest.Hash, numbers);
        }
    }

    private void Take(UInt128 hash, Queue<long> numbers)
    {
        numbers.Dequeue();
        if (numbers.Count == 0) _expected.Remove(hash);
    }

    private static UInt128 HashOf(string topic, ReadOnlyMemory<byte> payload)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(topic));
        hash.AppendData([0]); // No topic holds it, so topic and payload cannot be told differently.
        hash.AppendData(payload.Span);
        Span<byte> bytes = stackalloc byte[32];
        hash.GetHashAndReset(bytes);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(bytes);
    }
}
