using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Sqlite;

/// <summary>
/// A bounded queue whose senders wait asynchronously and whose takers are threads of their own, which block. A channel alone would make a taker go through
/// the thread pool to be woken.
/// </summary>
#pragma warning disable CA1001 // A SemaphoreSlim owns nothing until somebody asks for its wait handle; see the field.
internal sealed class WorkQueue<T>(int capacity)
#pragma warning restore CA1001
{
    private readonly Channel<T> _channel = Channel.CreateBounded<T>(capacity);

    // Never disposed: a sender may still be about to count its item when the taker has ended.
    // Counts what was put in; a taker that found more than it waited for takes the permits as well, where they are there already.
    private readonly SemaphoreSlim _arrivals = new(0);
    private long _waits;

    /// <summary>How many wait now.</summary>
    public int Count => _channel.Reader.Count;

    /// <summary>How often a sender found the queue full.</summary>
    public long Waits => Interlocked.Read(ref _waits);

    /// <summary>Queues an item; when the queue is full, waits for room. Cancelling has an effect only until the item is queued.</summary>
    /// <exception cref="DocumentStoreException">The queue is closed.</exception>
    public async ValueTask EnqueueAsync(T item, CancellationToken cancellationToken)
    {
        if (!_channel.Writer.TryWrite(item))
        {
            Interlocked.Increment(ref _waits);
            try
            {
                await _channel.Writer.WriteAsync(item, cancellationToken);
            }
            catch (ChannelClosedException)
            {
                throw new DocumentStoreException("The document store is stopping.");
            }
        }

        _arrivals.Release();
    }

    /// <summary>Waits for an item. False when the queue is closed and empty.</summary>
    public bool TryTake([MaybeNullWhen(false)] out T item)
    {
        while (!IsCompleted)
        {
            if (TryTake(Timeout.InfiniteTimeSpan, out item)) return true;
        }

        item = default;
        return false;
    }

    /// <summary>Waits for an item, at the most so long. False when there is none by then; it may also wake for nothing before.</summary>
    public bool TryTake(TimeSpan patience, [MaybeNullWhen(false)] out T item)
    {
        if (TryTakeNow(out item)) return true;
        if (IsCompleted) return false;

        _arrivals.Wait(patience);
        return _channel.Reader.TryRead(out item);
    }

    /// <summary>True when nothing is in it and nothing more can come.</summary>
    public bool IsCompleted => _channel.Reader.Completion.IsCompleted;

    /// <summary>Takes an item that is there already.</summary>
    public bool TryTakeNow([MaybeNullWhen(false)] out T item)
    {
        if (!_channel.Reader.TryRead(out item)) return false;
        _arrivals.Wait(0);
        return true;
    }

    /// <summary>Nothing more comes in; what is in it can still be taken.</summary>
    public void Close(int takers)
    {
        _channel.Writer.TryComplete();
        _arrivals.Release(takers);
    }
}
