using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Metrics;

namespace Kuzzle.Edge.Broker.Sessions;

/// <summary>
/// Messages that wait for their client, first in, first out. Bounded in number and bytes: what comes when it is full is dropped, so that what was there first
/// is what the client gets. Replays of retained messages are bounded by the number of those instead.
/// </summary>
internal sealed class MessageQueue(BrokerCore core)
{
    // What one entry costs beside the bytes of its message, and what more if the journal knows it.
    private const int EntryBytes = 64, JournaledBytes = 192;

    private Queue<QueuedMessage>? _messages;
    private long _bytes;

    /// <summary>Bounds in place of the broker's, or null.</summary>
    public SessionBounds? Bounds { get; set; }

    public int Count => _messages?.Count ?? 0;

    /// <summary>How many of them are replays.</summary>
    public int Replays { get; private set; }

    /// <summary>Adds a message at the end.</summary>
    /// <returns>Null, or why it was not added.</returns>
    public DropReason? Add(in QueuedMessage message)
    {
        var options = core.Options;
        var bytes = BytesOf(message);
        if (message.IsReplay)
        {
            if (Replays >= options.MaxRetainedMessages) return DropReason.QueueFull;
        }
        else if (Count - Replays >= (Bounds?.MaxQueuedMessages ?? options.MaxQueuedMessages) || _bytes + bytes > (Bounds?.MaxQueuedBytes ?? options.MaxQueuedBytes))
        {
            return DropReason.QueueFull;
        }
        else if (core.Metrics.WaitingBytes + bytes > (message.Qos == 0 ? options.MaxTotalQueuedBytes / 2 : options.MaxTotalQueuedBytes))
        {
            return DropReason.TotalFull; // What need not be delivered gives way first.
        }

        Append(message);
        return null;
    }

    private void Append(in QueuedMessage message)
    {
        var bytes = BytesOf(message);
        if (message.IsReplay) Replays++;
        (_messages ??= new Queue<QueuedMessage>()).Enqueue(message);
        _bytes += bytes;
        core.Metrics.QueuedChanged(bytes);
    }

    /// <summary>Takes a message back that an earlier process has stored: what is promised is not bounded again.</summary>
    public void Restore(in QueuedMessage message) => Append(message);

    public bool TryPeek(out QueuedMessage message)
    {
        if (_messages is not null) return _messages.TryPeek(out message);

        message = default;
        return false;
    }

    public bool TryTake(out QueuedMessage message)
    {
        if (!TryPeek(out message)) return false;

        Drop();
        return true;
    }

    /// <summary>Removes the first.</summary>
    public void Drop()
    {
        var message = _messages!.Dequeue();
        var bytes = BytesOf(message);
        if (message.IsReplay) Replays--;
        _bytes -= bytes;
        core.Metrics.QueuedChanged(-bytes);
        if (_messages.Count == 0) _messages = null; // A rare jam must not cost its memory for ever.
    }

    public void Clear()
    {
        while (Count > 0) Drop();
    }

    // A replay's bytes are the retained store's.
    private static int BytesOf(in QueuedMessage message) => EntryBytes + (message.Journaled is null ? 0 : JournaledBytes) + (message.IsReplay ? 0 : message.Publication.Size);
}
