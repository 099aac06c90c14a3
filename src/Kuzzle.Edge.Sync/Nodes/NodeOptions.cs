using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Sync.Nodes;

/// <summary>How this box shows itself upstream: as a document that is renewed from time to time. Immutable; a value out of range throws when the record is made.</summary>
public sealed record NodeOptions
{
    /// <summary>The document's identifier; null: as <see cref="Identity"/> says.</summary>
    public string? Id
    {
        get;
        init => field = value is null or { Length: >= 1 and <= 512 } ? value : throw new ArgumentException("1 to 512 characters", nameof(value));
    }

    /// <summary>Where the identifier comes from when none is given.</summary>
    public NodeIdentity Identity { get; init; } = NodeIdentity.Generated;

    /// <summary>The collection of such documents upstream. It is made there if it is missing.</summary>
    public CollectionName Collection { get; init; } = new("edge", "nodes");

    /// <summary>How often the document is renewed, beside each new connection. 1 s to 1 day.</summary>
    public TimeSpan Interval
    {
        get;
        init => field = value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromDays(1) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 s to 1 day");
    } = TimeSpan.FromMinutes(1);

    /// <summary>The version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>The name of the host.</summary>
    public required string HostName { get; init; }

    /// <summary>The file of <see cref="NodeIdentity.MachineId"/>.</summary>
    public string MachineIdFile { get; init; } = "/etc/machine-id";
}
