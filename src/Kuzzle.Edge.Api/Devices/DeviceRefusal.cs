namespace Kuzzle.Edge.Api.Devices;

/// <summary>Why a device may not connect.</summary>
public enum DeviceRefusal
{
    /// <summary>It may.</summary>
    None,

    /// <summary>
    /// The credentials are wrong or there are none, the application or the device is unknown, disabled or being deleted. The peer is not told which; the log is.
    /// </summary>
    BadCredentials,

    /// <summary>The section <c>spec.mqtt</c> of the device or of its application cannot be read.</summary>
    UnreadableConfiguration,

    /// <summary>Too many attempts have failed, or too many wait for their check. Later it may try again.</summary>
    TooManyAttempts,

    /// <summary>The registry cannot be read.</summary>
    Unavailable,
}
