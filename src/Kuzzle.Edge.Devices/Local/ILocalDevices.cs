using System.Text.Json;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Devices.Local;

/// <summary>The registry as the devices of this process need it. Safe from any thread.</summary>
public interface ILocalDevices
{
    /// <summary>Makes the device, or brings its document up to what is said here; nothing is written when nothing would change.</summary>
    /// <returns>The device; or why there is none, such as a name that no device can have.</returns>
    ValueTask<(DeviceIdentity? Device, ApiError? Fault)> EnsureAsync(LocalDevice device, CancellationToken cancellationToken);

    /// <summary>Whether the device may publish and take commands: not while it or its application is disabled, and not after it was deleted. Does not wait.</summary>
    /// <param name="device">The device, as <see cref="EnsureAsync"/> gave it.</param>
    bool MaySpeak(DeviceIdentity device);

    /// <summary>
    /// The device is here from now on, and takes commands if there is somebody to take them: the registry shows it as connected over <c>internal</c>, and commands that waited
    /// for it come at once. Commands come one at a time, in the order in which they were dispatched. When the result is disposed of, the device has gone.
    /// </summary>
    /// <param name="device">The device, as <see cref="EnsureAsync"/> gave it.</param>
    /// <param name="receive">Does a command; what it says is how the command ends (<c>delivered</c>, or <c>failed</c> with its error). Null for a device that takes none. An exception of it is logged, and the command has failed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<IAsyncDisposable> ConnectAsync(
        DeviceIdentity device, Func<DeviceCommand, CancellationToken, ValueTask<LocalCommandOutcome>>? receive, CancellationToken cancellationToken);

    /// <summary>Publishes as the device: an event like that of any other, by the rules of its application. Answers after the commit, if it is to be stored.</summary>
    /// <param name="device">The device.</param>
    /// <param name="channel">The channel, not empty.</param>
    /// <param name="data">The data; a JSON value without duplicate names.</param>
    /// <param name="time">When it was measured.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<EventOutcome> PublishAsync(DeviceIdentity device, string channel, JsonElement data, DateTimeOffset time, CancellationToken cancellationToken);
}
