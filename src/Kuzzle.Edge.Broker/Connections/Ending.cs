using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>Why a connection ends.</summary>
/// <param name="Text">One sentence for the log and, with the reason code, for an MQTT 5 client. Nothing that another client must not know.</param>
/// <param name="Reason">What an MQTT 5 client is told, or null for nothing.</param>
/// <param name="Lingers">Whether what was sent before may still leave.</param>
internal sealed record Ending(string Text, ReasonCode? Reason, bool Lingers = true)
{
    /// <summary>The client said goodbye: no will.</summary>
    public static readonly Ending Normal = new("DISCONNECT", null);

    /// <summary>The client said goodbye and wants its will published.</summary>
    public static readonly Ending WithWill = new("DISCONNECT with will", null);

    /// <summary>The transport ended.</summary>
    public static readonly Ending Lost = new("connection lost", null, Lingers: false);

    /// <summary>The embedding program ended it.</summary>
    public static readonly Ending Aborted = new("aborted", null, Lingers: false);

    public static readonly Ending Failed = new("The broker or its listener has a fault; it is in the broker's log.", ReasonCode.UnspecifiedError);

    public static readonly Ending ByProfile = new("The listener has closed this connection.", ReasonCode.AdministrativeAction);

    /// <summary>A topic or filter that the listener does not allow at all.</summary>
    public static readonly Ending NotAllowed = new("The topic or topic filter may not be used at all on this listener.", ReasonCode.NotAuthorized);

    public static readonly Ending TakenOver = new("Another connection has come with the same client identifier.", ReasonCode.SessionTakenOver);

    public static readonly Ending KeepAliveTimeout = new("No whole packet came for one and a half times the keep-alive.", ReasonCode.KeepAliveTimeout);

    public static readonly Ending ConnectTimeout = new("no CONNECT in time", null);

    /// <summary>CONNECT was refused; the CONNACK has said why.</summary>
    public static readonly Ending Refused = new("CONNECT refused", null);

    /// <summary>The client accepts no packet of the size of its answer.</summary>
    public static readonly Ending TooSmall = new("the client's maximum packet size is smaller than an answer", null);

    public static readonly Ending ShuttingDown = new("The broker stops.", ReasonCode.ServerShuttingDown);

    /// <summary>More packets behind CONNECT than may wait for its answer.</summary>
    public static readonly Ending QueueLimit = new("client queue limit reached", null);

    /// <summary>A handler wants no answer to be given.</summary>
    public static readonly Ending Unwelcome = new("closed by a handler before CONNACK", null);

    /// <summary>A message was routed, and the program failed to take note of it.</summary>
    public static readonly Ending NotHandled = new("The program of this broker could not handle a message.", ReasonCode.ImplementationSpecificError);

    /// <summary>Whether the embedding program has closed it.</summary>
    public bool IsByProgram { get; private init; }

    /// <summary>The embedding program has closed it.</summary>
    public static Ending ByProgram(ReasonCode reason) => new("The program of this broker has closed the connection.", reason) { IsByProgram = true };

    /// <summary>The client broke a rule or a bound.</summary>
    /// <param name="reason">The reason code.</param>
    /// <param name="text">What was wrong, and what would be right.</param>
    public static Ending Because(ReasonCode reason, string text) => new(text, reason);

    /// <inheritdoc cref="Because(ReasonCode,string)"/>
    public static Ending Because(PacketFault fault) => new(fault.Detail, fault.Code);

    /// <summary>A packet that the standard does not let this client send, or not now. [MQTT5-4.13.1-1]</summary>
    public static Ending Violation(string text) => new(text, ReasonCode.ProtocolError);
}
