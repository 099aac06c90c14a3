using System.Diagnostics.CodeAnalysis;

namespace Kuzzle.Edge.Api.Devices;

/// <summary>Whether one device may speak for another.</summary>
public sealed record DeviceRuling
{
    private DeviceRuling()
    {
    }

    /// <summary>The registered name of the other device; null when it may not.</summary>
    public string? Device { get; private init; }

    /// <summary>The uid of the other device; null when it may not.</summary>
    public string? DeviceUid { get; private init; }

    /// <summary>Why not: for the log.</summary>
    public DeviceRulingRefusal Refusal { get; private init; }

    /// <summary>Whether it may.</summary>
    [MemberNotNullWhen(true, nameof(Device), nameof(DeviceUid))]
    public bool IsAllowed => Device is not null;

    /// <summary>It may.</summary>
    public static DeviceRuling Allow(string device, string deviceUid) => new() { Device = device, DeviceUid = deviceUid };

    /// <summary>It may not.</summary>
    public static DeviceRuling Refuse(DeviceRulingRefusal refusal) => new() { Refusal = refusal };
}
