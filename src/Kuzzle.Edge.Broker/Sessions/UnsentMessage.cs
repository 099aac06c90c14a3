using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Broker.Sessions;

/// <summary>Something of the window that is to be sent over the present connection.</summary>
/// <param name="Identifier">Its packet identifier.</param>
/// <param name="State">What it waits for: <see cref="InFlightState.Pubcomp"/> when PUBREL is to be sent, else the message.</param>
/// <param name="IsDuplicate">Whether it may have been sent before.</param>
/// <param name="Message">The message.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct UnsentMessage(ushort Identifier, InFlightState State, bool IsDuplicate, QueuedMessage Message);
