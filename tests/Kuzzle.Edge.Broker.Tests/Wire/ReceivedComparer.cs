using System.Diagnostics.CodeAnalysis;

namespace Kuzzle.Edge.Broker.Tests.Wire;

/// <summary>Compares messages with the bytes of their properties.</summary>
internal sealed class ReceivedComparer : IEqualityComparer<Received>
{
    public static readonly ReceivedComparer Instance = new();

    public bool Equals(Received? x, Received? y) =>
        x is not null && y is not null && x with { Properties = y.Properties } == y && x.Properties.AsSpan().SequenceEqual(y.Properties);

    public int GetHashCode([DisallowNull] Received obj) => obj.Payload.GetHashCode(StringComparison.Ordinal);
}
