using System.Diagnostics.CodeAnalysis;

namespace Kuzzle.Edge.Api.Devices;

/// <summary>What the registry says about credentials.</summary>
public sealed record DeviceAuthentication
{
    private DeviceAuthentication()
    {
    }

    /// <summary>Whose they are; null when they are refused.</summary>
    public DeviceIdentity? Identity { get; private init; }

    /// <summary>Why they are refused.</summary>
    public DeviceRefusal Refusal { get; private init; }

    /// <summary>For the log: more than the peer may know, and no secret.</summary>
    public string? Cause { get; private init; }

    /// <summary>Whether they are good.</summary>
    [MemberNotNullWhen(true, nameof(Identity))]
    public bool IsAccepted => Identity is not null;

    /// <summary>They are good.</summary>
    public static DeviceAuthentication Accept(DeviceIdentity identity) => new() { Identity = identity };

    /// <summary>They are not.</summary>
    /// <param name="refusal">Why.</param>
    /// <param name="cause">For the log: more than the peer may know, and no secret.</param>
    public static DeviceAuthentication Refuse(DeviceRefusal refusal, string cause) => new() { Refusal = refusal, Cause = cause };
}
