using System.Collections;
using System.Globalization;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Client;
using Kuzzle.Edge.Mqtt.Client.Sessions;

namespace Kuzzle.Edge.Sync.Bridges;

/// <summary>
/// One side's session. It is in memory only, and yet QoS 2 stays exactly once when this process is killed: a message crosses under the packet identifier that the broker gave it
/// from which it comes, and each step of its exchange is answered on one side when the other side has answered it. So the two brokers have all there is to know, on
/// their disks, and whoever comes after this process relays what they send again. The four steps are drawn in docs/bridges.md.
/// </summary>
/// <param name="releaseUnknown">Sends PUBREL to this side for an identifier of which this process knows nothing else; completes with PUBCOMP.</param>
internal sealed class RelaySession(Func<ushort, Task> releaseUnknown) : IMqttSession
{
    /// <summary>How often the server must have closed the connection on a message, sent alone, before the message is given up. Fewer would give up what a line that breaks was carrying.</summary>
    private const int MostEndings = 3;

    private readonly Lock _lock = new();
    private readonly OrderedDictionary<ushort, RelayedExchange> _outgoing = [];
    private readonly HashSet<ushort> _received = [];
    private readonly HashSet<ushort> _seen = [];
    private readonly BitArray _free = new(ushort.MaxValue + 1);
    private RelayedExchange? _suspect;
    private int _endings;
    private bool _isFresh;

    /// <summary>Where the messages of this side go, and those to this side come from. Set once, before the first connection.</summary>
    public RelaySession Other { get; set; } = null!;

    /// <summary>A QoS 2 message came: its PUBREL is of this process's own making.</summary>
    public void Saw(ushort packetIdentifier)
    {
        lock (_lock) _seen.Add(packetIdentifier);
    }

    /// <summary>The exchange that goes on under an identifier, or null.</summary>
    public RelayedExchange? Find(ushort packetIdentifier)
    {
        lock (_lock) return _outgoing.GetValueOrDefault(packetIdentifier);
    }

    /// <summary>Begins an exchange.</summary>
    public RelayedExchange Begin(ushort packetIdentifier)
    {
        var exchange = new RelayedExchange();
        lock (_lock) _outgoing.Add(packetIdentifier, exchange);
        return exchange;
    }

    /// <summary>An exchange that was begun and given to no connection is not there.</summary>
    public void Abandon(ushort packetIdentifier)
    {
        lock (_lock)
        {
            if (_outgoing.GetValueOrDefault(packetIdentifier) is { Message: null }) _outgoing.Remove(packetIdentifier);
        }
    }

    /// <summary>
    /// Whether the server may still own an identifier for a message of an earlier process: one that the other side has forgotten, or it would not give the identifier to a new message.
    /// </summary>
    public bool MayBeOwned(ushort packetIdentifier)
    {
        lock (_lock) return !_isFresh && !_free[packetIdentifier];
    }

    /// <summary>Whether the server has closed the connection while a message was unanswered that still is: what is under way should then go singly, so that it shows which message it does not bear.</summary>
    public bool HasSuspect
    {
        get
        {
            lock (_lock) return _suspect is not null;
        }
    }

    /// <summary>
    /// The server has closed the connection. When it has done so again and again at the same message, sent alone, and has answered nothing else meanwhile, the message is given up:
    /// it would be the first on each connection, and hold up all others.
    /// </summary>
    /// <returns>Whether it was.</returns>
    public bool GivesUpAfter(MqttEnding ending)
    {
        RelayedExchange exchange;
        lock (_lock)
        {
            if (_outgoing.GetValueOrDefault(ending.Unanswered) is not { Message: not null, Taken.IsCompleted: false } unanswered) return false;

            exchange = unanswered;
            if (exchange != _suspect) (_suspect, _endings) = (exchange, 0);
            if (!ending.WasAlone || ++_endings < MostEndings) return false;

            _suspect = null;
            _outgoing.Remove(ending.Unanswered);
        }

        // It may own the identifier all the same. Whatever is sent next waits for this.
        if (exchange.IsExactlyOnce) _ = releaseUnknown(ending.Unanswered);
        exchange.End(new MqttPublishResult(
            ReasonCode.ImplementationSpecificError,
            string.Create(CultureInfo.InvariantCulture, $"{exchange.Message!.Payload.Length} bytes of payload; the connection was closed {MostEndings} times in a row when it was sent, at last so: {ending.Detail}")));
        return true;
    }

    public ValueTask<MqttSessionState> LoadAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return new(new MqttSessionState(
            [
                .. _outgoing.Where(static entry => entry.Value.Message is not null).Select(static entry => new MqttOutgoing(
                    entry.Key,
                    entry.Value is { IsExactlyOnce: true, Taken.IsCompleted: true, Released.IsCompleted: true } ? null : entry.Value.Message)),
            ],
            [.. _received]));
        }
    }

    public Task StoreAsync(MqttOutgoing outgoing)
    {
        lock (_lock) _outgoing[outgoing.PacketIdentifier].Message = outgoing.Message;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    /// <remarks>PUBREC came; it goes on to the other side, and PUBREL waits for that side's.</remarks>
    public Task ReleaseAsync(ushort packetIdentifier)
    {
        if (Find(packetIdentifier) is not { } exchange) return Task.CompletedTask;

        Clear(exchange);
        exchange.Take(default);
        return exchange.Released;
    }

    public Task CompleteAsync(ushort packetIdentifier, MqttPublishResult result)
    {
        RelayedExchange? exchange;
        lock (_lock)
        {
            _outgoing.Remove(packetIdentifier, out exchange);
            if (exchange is { IsExactlyOnce: true } && result.IsAccepted) _free[packetIdentifier] = true; // PUBACK says nothing of what may be open under it.
        }

        if (exchange is not null) Clear(exchange);
        exchange?.End(result);
        return Task.CompletedTask;
    }

    public Task AddReceivedAsync(ushort packetIdentifier)
    {
        lock (_lock) _received.Add(packetIdentifier);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    /// <remarks>PUBREL came; it goes on to the other side, and PUBCOMP waits for that side's.</remarks>
    public Task RemoveReceivedAsync(ushort packetIdentifier)
    {
        bool isKnown;
        lock (_lock)
        {
            _received.Remove(packetIdentifier);
            isKnown = _seen.Remove(packetIdentifier);
        }

        return Other.ReleasedByOtherAsync(packetIdentifier, isKnown);
    }

    public Task ForgetServerStateAsync()
    {
        var lost = new List<RelayedExchange>();
        lock (_lock)
        {
            _isFresh = true;
            _received.Clear();
            _seen.Clear();

            // What it had taken it has taken; what it has not is sent to it as new.
            foreach (var (identifier, exchange) in _outgoing.ToArray())
            {
                if (!exchange.Taken.IsCompleted) continue;

                _outgoing.Remove(identifier);
                lost.Add(exchange);
            }
        }

        foreach (var exchange in lost) exchange.End(default);
        Other.Orphan();
        return Task.CompletedTask;
    }

    /// <summary>The server has answered a message: it can be talked to, and who is suspected must be so from the beginning.</summary>
    private void Clear(RelayedExchange answered)
    {
        lock (_lock)
        {
            _endings = 0;
            if (_suspect == answered) _suspect = null;
        }
    }

    private Task ReleasedByOtherAsync(ushort packetIdentifier, bool isKnown)
    {
        if (Find(packetIdentifier) is { } exchange)
        {
            exchange.Release();
            return exchange.IsExactlyOnce ? exchange.Ended : Task.CompletedTask;
        }

        // Of this process, and over: it was sent at a lower QoS, refused, or not carried.
        return isKnown ? Task.CompletedTask : releaseUnknown(packetIdentifier);
    }

    private void Orphan()
    {
        lock (_lock)
        {
            foreach (var exchange in _outgoing.Values) exchange.Orphan();
        }
    }
}
