namespace Kuzzle.Edge.Api.Devices;

/// <summary>Where events go. Safe from any thread.</summary>
public interface IDeviceEvents
{
    /// <summary>
    /// Makes an event of what a device has said: a realtime message, and a document where the device or its application want that. Events of one sender are taken in the
    /// order of the calls. Answers after the commit, so that the sender may be told.
    /// </summary>
    /// <param name="said">The event.</param>
    /// <param name="cancellationToken">Given up while it waits for its turn; once it has begun it is finished.</param>
    ValueTask<EventOutcome> AcceptAsync(DeviceEvent said, CancellationToken cancellationToken);

    /// <summary>Keeps a message that became no event in the collection <c>rejected</c> of its application. Answers after the commit.</summary>
    ValueTask<EventOutcome> KeepRejectedAsync(RejectedEvent rejected, CancellationToken cancellationToken);
}
