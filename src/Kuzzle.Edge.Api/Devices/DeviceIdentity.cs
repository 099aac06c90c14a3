namespace Kuzzle.Edge.Api.Devices;

/// <summary>A device that has proven who it is, as the registry knew it then.</summary>
/// <param name="Application">The application's name.</param>
/// <param name="Device">The device's registered name, whatever alias it came by.</param>
public sealed record DeviceIdentity(string Application, string Device)
{
    /// <summary>Another one for each application of the same name.</summary>
    public required string ApplicationUid { get; init; }

    /// <summary>Another one for each device of the same name: who was deleted and made again is somebody else.</summary>
    public required string DeviceUid { get; init; }

    /// <summary>How its topics are read: by its own document, else by its application's, else <see cref="DeviceDialect.DrogueV1"/>.</summary>
    public DeviceDialect Dialect { get; init; } = DeviceDialect.DrogueV1;

    /// <summary>For logs.</summary>
    public override string ToString() => $"{Device}@{Application}";
}
