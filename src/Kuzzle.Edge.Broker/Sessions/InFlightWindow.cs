using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Storage;

namespace Kuzzle.Edge.Broker.Sessions;

/// <summary>
/// The QoS 1 and 2 messages that were sent and are not acknowledged, in the order of their first sending. Acknowledgements nearly always come in that order too, so
/// the one looked for is nearly always the first.
/// </summary>
internal sealed class InFlightWindow
{
    private const int LastIdentifier = 65_535;

    private Entry[] _ring = [];
    private int _head;
    private int _span; // Places in use, holes included.
    private int _nextIdentifier = 1;
    private int _freeIdentifiers = LastIdentifier; // So many from the next one on are certainly not in use.

    /// <summary>How many are in flight.</summary>
    public int Count { get; private set; }

    /// <summary>How many bytes of messages are held for it.</summary>
    public long Bytes { get; private set; }

    /// <summary>Those that were sent over the present connection and count against its window.</summary>
    public int Outstanding { get; private set; }

    /// <summary>Those that take a place in the present connection's window, or will once they are sent.</summary>
    public int Claimed => Outstanding + Unsent;

    /// <summary>Those that the present connection has not sent yet.</summary>
    public int Unsent { get; private set; }

    /// <summary>Adds a message that is sent at once.</summary>
    public ushort Add(in QueuedMessage message)
    {
        ref var entry = ref Append(message, TakeIdentifier());
        entry.IsCounted = true;
        Outstanding++;
        return entry.Identifier;
    }

    /// <summary>Adds a message that is sent in its turn, once <see cref="Hold"/> has said from which commit on.</summary>
    public ushort AddUnsent(in QueuedMessage message)
    {
        ref var entry = ref Append(message, TakeIdentifier());
        entry.IsUnsent = true;
        entry.IsFirst = !message.MayBeRepeated;
        entry.Ticket = long.MaxValue;
        Unsent++;
        return entry.Identifier;
    }

    /// <summary>The message, or its release, may be sent once this commit is on the disk.</summary>
    public void Hold(ushort identifier, long ticket)
    {
        ref var entry = ref At(IndexOf(identifier));
        entry.Ticket = ticket;
        if (entry.IsUnsent) return;

        entry.IsUnsent = true;
        Unsent++;
    }

    /// <summary>Takes a message back that an earlier process may have sent.</summary>
    public void Restore(in QueuedMessage message, ushort identifier, InFlightState state)
    {
        ref var entry = ref Append(message, identifier);
        entry.State = state;
        entry.IsUnsent = true;
        Unsent++;

        // The next ones begin behind the last.
        _nextIdentifier = identifier;
        _freeIdentifiers = 0;
        Step();
    }

    private ref Entry Append(in QueuedMessage message, ushort identifier)
    {
        if (_span == _ring.Length) MakeRoom();

        ref var entry = ref _ring[(_head + _span) & (_ring.Length - 1)];
        entry = new Entry { Message = message, Identifier = identifier, State = message.Qos == 1 ? InFlightState.Puback : InFlightState.Pubrec };
        _span++;
        Count++;
        Bytes += BytesOf(message);
        return ref entry;
    }

    /// <summary>What the message with this identifier waits for; <see cref="InFlightState.Done"/> when there is none.</summary>
    public InFlightState StateOf(ushort identifier)
    {
        var index = IndexOf(identifier);
        return index < 0 ? InFlightState.Done : At(index).State;
    }

    /// <summary>The acknowledgement that ends the exchange has come.</summary>
    /// <returns>What the journal knows of the message.</returns>
    public JournaledDelivery? Complete(ushort identifier)
    {
        var index = IndexOf(identifier);
        if (index < 0) return null;

        ref var entry = ref At(index);
        var journaled = entry.Message.Journaled;
        if (entry.IsCounted) Outstanding--;
        if (entry.IsUnsent) Unsent--;
        Bytes -= BytesOf(entry.Message);
        entry = default;
        Count--;
        while (_span > 0 && At(0).State == InFlightState.Done)
        {
            _head = (_head + 1) & (_ring.Length - 1);
            _span--;
        }

        return journaled;
    }

    /// <summary>The message with this identifier, where it is still known.</summary>
    public Publication? PublicationOf(ushort identifier)
    {
        var index = IndexOf(identifier);
        return index < 0 ? null : At(index).Message.Publication;
    }

    /// <summary>As <see cref="Release"/>, but the message stays known for whoever wants to hear of the end of its exchange. It is not sent again either.</summary>
    public JournaledDelivery? ReleaseKept(ushort identifier)
    {
        var publication = PublicationOf(identifier);
        var journaled = Release(identifier);
        if (publication is not null)
        {
            ref var entry = ref At(IndexOf(identifier));
            entry.Message = entry.Message with { Publication = publication };
        }

        return journaled;
    }

    /// <summary>The receiver owns the message now; only the release is left.</summary>
    /// <returns>What the journal knows of the message.</returns>
    public JournaledDelivery? Release(ushort identifier)
    {
        var index = IndexOf(identifier);
        if (index < 0) return null;

        ref var entry = ref At(index);
        var journaled = entry.Message.Journaled;
        entry.State = InFlightState.Pubcomp;
        Bytes -= BytesOf(entry.Message);
        entry.Message = default(QueuedMessage) with { Journaled = journaled };
        if (entry.IsUnsent)
        {
            entry.IsUnsent = false;
            Unsent--;
        }

        return journaled;
    }

    /// <summary>A new connection: nothing has been sent over it.</summary>
    public void Restart()
    {
        Outstanding = 0;
        Unsent = 0;
        for (var i = 0; i < _span; i++)
        {
            ref var entry = ref At(i);
            if (entry.State == InFlightState.Done) continue;

            entry.IsCounted = false;
            entry.IsUnsent = true;
            Unsent++;
        }
    }

    /// <summary>The oldest one that the present connection has not sent and may send, which counts as sent now.</summary>
    /// <param name="search">Where the walk is.</param>
    /// <param name="unsent">What is to be sent.</param>
    public bool TryTakeUnsent(ref UnsentSearch search, out UnsentMessage unsent)
    {
        for (; Unsent > 0 && search.At < _span; search.At++)
        {
            ref var entry = ref At(search.At);
            if (!entry.IsUnsent) continue;

            var isRelease = entry.State == InFlightState.Pubcomp;
            if (search.Holds(isRelease, entry.Ticket, Outstanding)) continue;

            entry.IsUnsent = false;
            Unsent--;

            // A release alone does not count: the window is of messages. [MQTT5-4.9.0-1]
            if (!entry.IsCounted && !isRelease)
            {
                entry.IsCounted = true;
                Outstanding++;
            }

            unsent = new UnsentMessage(entry.Identifier, entry.State, !entry.IsFirst, entry.Message);
            entry.IsFirst = false;
            entry.Ticket = 0;
            return true;
        }

        unsent = default;
        return false;
    }

    /// <summary>Empties the window. Messages the receiver may have are handed back too: whoever wants them knows from their quality of service.</summary>
    public void Clear(List<QueuedMessage> unacknowledged)
    {
        for (var i = 0; i < _span; i++)
        {
            ref var entry = ref At(i);
            if (entry.State is InFlightState.Puback or InFlightState.Pubrec) unacknowledged.Add(entry.Message);
        }

        _ring = [];
        (_head, _span, Count, Outstanding, Unsent, Bytes) = (0, 0, 0, 0, 0, 0);
        (_nextIdentifier, _freeIdentifiers) = (1, LastIdentifier);
    }

    // Once released there is no message any more.
    private static int BytesOf(in QueuedMessage message) => message.Publication?.Size ?? 0;

    private int IndexOf(ushort identifier)
    {
        for (var i = 0; i < _span; i++)
        {
            if (At(i).Identifier == identifier) return i;
        }

        return -1;
    }

    [SuppressMessage("Performance", "CA1822", Justification = "It refers to the ring.")]
    private ref Entry At(int index) => ref _ring[(_head + index) & (_ring.Length - 1)];

    /// <summary>The next identifier that is not in use; there is one, for the window is much smaller than their number.</summary>
    private ushort TakeIdentifier()
    {
        while (_freeIdentifiers == 0)
        {
            // How far is the nearest one in use? Looked for once in a round of 65,535, or oftener while some are never acknowledged.
            _freeIdentifiers = LastIdentifier;
            for (var i = 0; i < _span; i++)
            {
                ref var entry = ref At(i);
                if (entry.State == InFlightState.Done) continue;

                var distance = (entry.Identifier - _nextIdentifier + LastIdentifier) % LastIdentifier;
                _freeIdentifiers = Math.Min(_freeIdentifiers, distance);
            }

            if (_freeIdentifiers == 0) Step();
        }

        _freeIdentifiers--;
        var identifier = (ushort)_nextIdentifier;
        Step();
        return identifier;
    }

    private void Step() => _nextIdentifier = _nextIdentifier == LastIdentifier ? 1 : _nextIdentifier + 1;

    /// <summary>Closes the holes, and doubles the ring when that does not help.</summary>
    private void MakeRoom()
    {
        var capacity = Math.Max(4, _ring.Length);
        if (Count * 2 > capacity || _ring.Length == 0) capacity = Math.Max(4, _ring.Length * 2);

        var ring = new Entry[capacity];
        var kept = 0;
        for (var i = 0; i < _span; i++)
        {
            ref var entry = ref At(i);
            if (entry.State != InFlightState.Done) ring[kept++] = entry;
        }

        (_ring, _head, _span) = (ring, 0, kept);
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Entry
    {
        public QueuedMessage Message;
        public ushort Identifier;
        public InFlightState State;
        public bool IsCounted;
        public bool IsUnsent;
        public bool IsFirst; // It was never sent.
        public long Ticket; // The commit it waits for.
    }
}
