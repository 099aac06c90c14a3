using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Listeners.Psk;

namespace Kuzzle.Edge.Composition;

/// <summary>The pre-shared keys of devices, for the listeners, which are made before there is a registry and open after.</summary>
internal sealed class DeviceKeys : IPskKeys
{
    /// <summary>Who knows them.</summary>
    public IDeviceRegistry? Registry { get; set; }

    /// <inheritdoc/>
    public ValueTask<byte[]?> FindAsync(string identity, CancellationToken cancellationToken) => Registry?.FindPreSharedKeyAsync(identity, cancellationToken) ?? default;
}
