namespace Kuzzle.Edge.Devices.Commands;

/// <summary>The states of a command, as documents name them. Only <see cref="Queued"/> is not final.</summary>
internal static class CommandState
{
    public const string Queued = "queued";
    public const string Delivered = "delivered";
    public const string Expired = "expired";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";
}
