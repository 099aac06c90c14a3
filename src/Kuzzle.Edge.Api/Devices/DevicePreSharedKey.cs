namespace Kuzzle.Edge.Api.Devices;

/// <summary>An identity whose pre-shared key, as <see cref="IDeviceRegistry.FindPreSharedKeyAsync"/> gave it, the peer has proven to know.</summary>
/// <param name="Application">The application, as it was given.</param>
/// <param name="Device">The device: its name or one of its aliases.</param>
public sealed record DevicePreSharedKey(string Application, string Device) : DeviceCredentials;
