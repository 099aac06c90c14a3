using Kuzzle.Edge.Protocols.KuzzleLegacy;

namespace Kuzzle.Edge.Protocols.KuzzleV2;

/// <summary>Kuzzle over MQTT (<c>server.protocols.mqtt</c>). Immutable.</summary>
public sealed record KuzzleMqttOptions
{
    /// <summary>The topic on which clients publish requests; compared exactly. Default <c>Kuzzle/request</c>.</summary>
    public string RequestTopic
    {
        get;
        init => field = TopicName(value);
    } = "Kuzzle/request";

    /// <summary>The topic on which each client gets the answers to its own requests. Default <c>Kuzzle/response</c>.</summary>
    public string ResponseTopic
    {
        get;
        init => field = TopicName(value);
    } = "Kuzzle/response";

    /// <summary>Whether clients may publish on topics of their own, beside the request topic. Default false.</summary>
    public bool AllowPubSub { get; init; }

    /// <summary>
    /// Whether a client may listen on the channels of others' realtime subscriptions, as the real server lets it; else only on those that its own connection asked for, for which
    /// its rights were judged. Default false.
    /// </summary>
    public bool ShareChannels { get; init; }

    /// <summary>
    /// Whether the user name and password of a CONNECT mean nothing, as in the real server; else a password (of a Kuzzle user; or a token or an API key) logs the connection in,
    /// and a wrong one is refused. Default false.
    /// </summary>
    public bool IgnoreCredentials { get; init; }

    /// <summary>
    /// The first of the two switches that make the response topic a public one, on which every subscriber sees everybody's answers. Default false.
    /// </summary>
    public bool DevelopmentMode { get; init; }

    /// <summary>The second switch: the process runs in a development environment (<c>NODE_ENV</c> or <c>DOTNET_ENVIRONMENT</c>). Default false.</summary>
    public bool DevelopmentEnvironment { get; init; }

    /// <summary>How long the rooms of a connection outlive it. 0 to one hour, default 250 ms.</summary>
    public TimeSpan DisconnectDelay
    {
        get;
        init => field = value >= TimeSpan.Zero && value <= TimeSpan.FromHours(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "0 to one hour");
    } = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether a connection is told that its token has expired. Default true.</summary>
    public bool RealtimeNotifications { get; init; } = true;

    /// <summary>The largest request in bytes (<c>server.maxRequestSize</c>); a larger one is answered with status 413. At least 1, default 1 MiB.</summary>
    public int MaxRequestBytes
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "at least 1");
    } = 1 << 20;

    /// <summary>
    /// How many requests of one connection may wait or run; more are answered with <c>api.process.overloaded</c>. 1 to 1 000 000, default 10 000: a
    /// client that publishes a day's backlog in one go is served, one that never stops is not.
    /// </summary>
    public int MaxRequestsInFlight
    {
        get;
        init => field = value is >= 1 and <= 1_000_000 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 1000000");
    } = 10_000;

    /// <summary>The same bound in bytes of payload, for a few large requests hold as much memory as many small ones. At least 1, default 16 MiB.</summary>
    public long MaxBytesInFlight
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "at least 1");
    } = 16L << 20;

    /// <summary>And in bytes of payload for all connections together. At least 1, default 64 MiB.</summary>
    public long MaxTotalBytesInFlight
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "at least 1");
    } = 64L << 20;

    /// <summary>The dialect of 2015 beside it; null, the default, when it is off.</summary>
    public KuzzleLegacyOptions? Legacy { get; init; }

    private static string TopicName(string value) =>
        value.Length > 0 && value.AsSpan().IndexOfAny('+', '#', '\0') < 0
            ? value
            : throw new ArgumentException($"\"{value}\" is not a topic name: it must not be empty nor contain +, # or U+0000.", nameof(value));
}
