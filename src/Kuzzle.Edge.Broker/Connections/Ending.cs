using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>Why a connection ends.</summary>
/// <param name="Text">For the log.</param>
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

    public static readonly Ending Failed = new("internal fault", ReasonCode.UnspecifiedError);

    public static readonly Ending ByProfile = new("closed by the listener", ReasonCode.AdministrativeAction);

    /// <summary>A topic or filter that the listener does not allow at all.</summary>
    public static readonly Ending NotAllowed = new("not allowed here", ReasonCode.NotAuthorized);

    public static readonly Ending TakenOver = new("session taken over", ReasonCode.SessionTakenOver);

    public static readonly Ending KeepAliveTimeout = new("keep-alive timeout", ReasonCode.KeepAliveTimeout);

    public static readonly Ending ConnectTimeout = new("no CONNECT in time", null);

    /// <summary>CONNECT was refused; the CONNACK has said why.</summary>
    public static readonly Ending Refused = new("CONNECT refused", null);

    /// <summary>The client accepts no packet of the size of its answer.</summary>
    public static readonly Ending TooSmall = new("the client's maximum packet size is smaller than an answer", null);

    public static readonly Ending ShuttingDown = new("the broker stops", ReasonCode.ServerShuttingDown);

    /// <summary>More packets behind CONNECT than may wait for its answer.</summary>
    public static readonly Ending QueueLimit = new("client queue limit reached", null);

    /// <summary>A handler wants no answer to be given.</summary>
    public static readonly Ending Unwelcome = new("closed by a handler before CONNACK", null);

    /// <summary>A message was routed, and the program failed to take note of it.</summary>
    public static readonly Ending NotHandled = new("a handler has failed", ReasonCode.ImplementationSpecificError);

    private static readonly Ending[] Violations = [.. Enumerable.Range(0, 256).Select(code => new Ending(((ReasonCode)code).ToString(), (ReasonCode)code))];

    /// <summary>Whether the embedding program has closed it.</summary>
    public bool IsByProgram { get; private init; }

    /// <summary>The embedding program has closed it.</summary>
    public static Ending ByProgram(ReasonCode reason) => new("disconnected by the program", reason) { IsByProgram = true };

    /// <summary>The client broke a rule.</summary>
    public static Ending Because(ReasonCode reason) => Violations[(int)reason];
}
