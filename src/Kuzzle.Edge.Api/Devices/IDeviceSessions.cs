namespace Kuzzle.Edge.Api.Devices;

/// <summary>
/// Who is here, as the endpoints tell it. For one session the calls come one after the other: opened, whatever comes between, closed; and the session of a device
/// that came again is told after the one before was closed. The callers await each call: implementations may commit in it, and never throw for the sake of a document.
/// </summary>
public interface IDeviceSessions
{
    /// <summary>
    /// A device has come: it is seen, and the event <c>connection</c> with <c>connected: true</c> goes out. A device that was disabled or deleted since it was
    /// authenticated is closed here.
    /// </summary>
    ValueTask OpenedAsync(IDeviceSession session, CancellationToken cancellationToken);

    /// <summary>The session listens for other commands than before: those that waited for it may come now.</summary>
    ValueTask ListeningAsync(IDeviceSession session, CancellationToken cancellationToken);

    /// <summary>A device has gone, after its last event: <c>connected: false</c> goes out. Also called when the program stops.</summary>
    ValueTask ClosedAsync(IDeviceSession session, CancellationToken cancellationToken);
}
