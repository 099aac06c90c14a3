using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

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

    /// <summary>Those that were sent over the present connection and count against its window.</summary>
    public int Outstanding { get; private set; }

    /// <summary>Those that the present connection has not sent yet.</summary>
    public int Unsent { get; private set; }

    public ushort Add(in QueuedMessage message)
    {
        if (_span == _ring.Length) MakeRoom();

        var identifier = TakeIdentifier();
        ref var entry = ref _ring[(_head + _span) & (_ring.Length - 1)];
        entry = new Entry
        {
            Message = message,
            Identifier = identifier,
            State = message.Qos == 1 ? InFlightState.Puback : InFlightState.Pubrec,
            IsCounted = true,
        };
        _span++;
        Count++;
        Outstanding++;
        return identifier;
    }

    /// <summary>What the message with this identifier waits for; <see cref="InFlightState.Done"/> when there is none.</summary>
    public InFlightState StateOf(ushort identifier)
    {
        var index = IndexOf(identifier);
        return index < 0 ? InFlightState.Done : At(index).State;
    }

    /// <summary>The acknowledgement that ends the exchange has come.</summary>
    public void Complete(ushort identifier)
    {
        var index = IndexOf(identifier);
        if (index < 0) return;

        ref var entry = ref At(index);
        if (entry.IsCounted) Outstanding--;
        if (entry.IsUnsent) Unsent--;
        entry = default;
        Count--;
        while (_span > 0 && At(0).State == InFlightState.Done)
        {
            _head = (_head + 1) & (_ring.Length - 1);
            _span--;
        }
    }

    /// <summary>The receiver owns the message now; only the release is left.</summary>
    public void Release(ushort identifier)
    {
        var index = IndexOf(identifier);
        if (index < 0) return;

        ref var entry = ref At(index);
        entry.State = InFlightState.Pubcomp;
        entry.Message = default;
        if (entry.IsUnsent)
        {
            entry.IsUnsent = false;
            Unsent--;
        }
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

    /// <summary>The oldest one that the present connection has not sent, which counts as sent now.</summary>
    public bool TryTakeUnsent(out ushort identifier, out InFlightState state, out QueuedMessage message)
    {
        for (var i = 0; Unsent > 0 && i < _span; i++)
        {
            ref var entry = ref At(i);
            if (!entry.IsUnsent) continue;

            entry.IsUnsent = false;
            Unsent--;

            // A release does not count: the window is of messages. [MQTT5-4.9.0-1]
            entry.IsCounted = entry.State != InFlightState.Pubcomp;
            if (entry.IsCounted) Outstanding++;
            (identifier, state, message) = (entry.Identifier, entry.State, entry.Message);
            return true;
        }

        (identifier, state, message) = (0, InFlightState.Done, default);
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
        (_head, _span, Count, Outstanding, Unsent) = (0, 0, 0, 0, 0);
        (_nextIdentifier, _freeIdentifiers) = (1, LastIdentifier);
    }

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
    }
}
