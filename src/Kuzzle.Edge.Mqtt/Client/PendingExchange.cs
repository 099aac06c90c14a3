using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>One exchange that begins with a packet of this side. Whoever gave up waiting leaves it to be ended by the server's answer.</summary>
/// <param name="awaited">The packet that ends it or takes it on.</param>
internal sealed class PendingExchange(PacketType awaited)
{
    private readonly TaskCompletionSource<MqttPublishResult> _published = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ReasonCode[]> _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private long _writtenAs;
    private Place _place;

    /// <summary>Which answer comes next: PUBACK, PUBREC, PUBCOMP, SUBACK or UNSUBACK.</summary>
    public PacketType Awaited { get; set; } = awaited;

    /// <summary>The how-manieth message of the connection it was when it was written; 0 before. Written by the writer, read when the connection has ended.</summary>
    public long WrittenAs
    {
        get => Volatile.Read(ref _writtenAs);
        set => Volatile.Write(ref _writtenAs, value);
    }

    /// <summary>How many filters were asked for.</summary>
    public int Filters { get; init; }

    /// <summary>Whether a release of the same identifier went before the message, whose PUBCOMP is due first.</summary>
    public bool IsReleasedFirst { get; set; }

    /// <summary>What the PUBREL waits for, once PUBREC has come.</summary>
    public Task? Releasing { get; set; }

    /// <summary>Completes at the first answer to a message, be it PUBREC, and at the end of the connection. Never fails.</summary>
    public Task Answered => _answered.Task;

    /// <summary>The result of a publication.</summary>
    public Task<MqttPublishResult> Published => _published.Task;

    /// <summary>The result of a request.</summary>
    public Task<ReasonCode[]> Granted => _granted.Task;

    /// <summary>Takes a place among those that may be unacknowledged. From any thread.</summary>
    /// <returns>False when the exchange is over, and has no use for it.</returns>
    public bool TryTakePlace() => Interlocked.CompareExchange(ref _place, Place.Taken, Place.None) == Place.None;

    /// <summary>It is over. From any thread.</summary>
    /// <returns>Whether it had a place.</returns>
    public bool LeavePlace() => Interlocked.Exchange(ref _place, Place.Left) == Place.Taken;

    public void Answer() => _answered.TrySetResult();

    public void Complete(MqttPublishResult result)
    {
        _published.TrySetResult(result);
        _answered.TrySetResult();
    }

    public void Complete(ReasonCode[] codes) => _granted.TrySetResult(codes);

    public void Fail(Exception exception)
    {
        _answered.TrySetResult();
        _published.TrySetException(exception);
        _granted.TrySetException(exception);

        // Whoever is not waiting has nothing to observe; the connection's own end tells what happened.
        _ = _published.Task.Exception;
        _ = _granted.Task.Exception;
    }

    private enum Place
    {
        None,
        Taken,
        Left,
    }
}
