using Kuzzle.Edge.Api.Devices;

namespace Kuzzle.Edge.Devices.Events;

/// <summary>Takes what devices say to somebody else.</summary>
public interface IEventRelay
{
    /// <summary>An event was accepted. The device hears of it when this has completed: what is to outlive a power cut must be on the disk then.</summary>
    ValueTask RelayAsync(DeviceEvent said, CancellationToken cancellationToken);
}
