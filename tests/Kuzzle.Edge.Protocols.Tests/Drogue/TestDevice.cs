using Kuzzle.Edge.Api.Devices;

namespace Kuzzle.Edge.Protocols.Tests.Drogue;

/// <summary>A device as the tests' registry knows it.</summary>
internal sealed record TestDevice(string Name)
{
    public string? Password { get; init; }

    public (string User, string Password)? User { get; init; }

    public string? CertificateSubject { get; init; }

    public byte[]? Key { get; init; }

    public IReadOnlyList<string> Gateways { get; init; } = [];

    public DeviceDialect Dialect { get; init; } = DeviceDialect.DrogueV1;

    public DeviceRefusal Refusal { get; init; }
}
