using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Broker.Storage;

/// <summary>Where a commit holds the change of a topic.</summary>
/// <param name="Ticket">The commit's ticket, 0 for none.</param>
/// <param name="Index">The place in its list.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RetainedPlace(long Ticket, int Index);
