namespace Kuzzle.Edge.Api.Devices;

/// <summary>Why the registry ends a session.</summary>
public enum SessionEnd
{
    /// <summary>The device or its application was disabled.</summary>
    Disabled,

    /// <summary>The device or its application was deleted.</summary>
    Deleted,

    /// <summary>What the device has proven with would not let it in any more.</summary>
    CredentialsChanged,

    /// <summary>Somebody who may has asked for it.</summary>
    Requested,
}
