namespace Kuzzle.Edge.Api.Devices;

/// <summary>
/// A device that is here: over a connection, or as a part of this process such as an actuator. Safe from any thread. Whether the device may have a command that is for
/// another is the registry's to say, before it hands it over.
/// </summary>
public interface IDeviceSession
{
    /// <summary>Who it is.</summary>
    DeviceIdentity Identity { get; }

    /// <summary>Over what it came (<c>mqtt</c>, <c>internal</c>), for people.</summary>
    string Transport { get; }

    /// <summary>Where it is, such as its address; null when that is unknown.</summary>
    string? Origin { get; }

    /// <summary>Since when it is here.</summary>
    DateTimeOffset Since { get; }

    /// <summary>What it has subscribed to at this moment, for people.</summary>
    IReadOnlyList<string> Filters { get; }

    /// <summary>Whether it has asked for commands of this device: itself or another.</summary>
    /// <param name="device">A registered name, or one of its aliases: who has asked for a device by one name has asked for none of its others.</param>
    bool ListensFor(string device);

    /// <summary>
    /// Hands a command over. Waits while the device has as many unread as it may. At QoS 0 it is delivered when it was handed to the connection, at QoS 1 when the
    /// device has acknowledged it; of several copies, for filters that overlap, one is enough.
    /// </summary>
    /// <param name="command">The command.</param>
    /// <param name="cancellationToken">The command has expired or was cancelled: it is not sent any more if it was not, and no acknowledgement is awaited.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled before it was delivered.</exception>
    Task<CommandDelivery> DeliverAsync(DeviceCommand command, CancellationToken cancellationToken);

    /// <summary>Ends the session. Returns at once.</summary>
    void Close(SessionEnd why);
}
