namespace Kuzzle.Edge.Api.Devices;

/// <summary>Why one device may not speak for another.</summary>
public enum DeviceRulingRefusal
{
    /// <summary>It may.</summary>
    None,

    /// <summary>No device has that name or alias.</summary>
    UnknownDevice,

    /// <summary>The other device does not list this one as a gateway.</summary>
    NotItsGateway,

    /// <summary>The application, the gateway or the other device is disabled, being deleted or gone.</summary>
    Disabled,

    /// <summary>The registry cannot be read. No statement about the right.</summary>
    Unavailable,
}
