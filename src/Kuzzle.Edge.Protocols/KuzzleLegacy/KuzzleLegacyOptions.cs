namespace Kuzzle.Edge.Protocols.KuzzleLegacy;

/// <summary>Kuzzle's MQTT dialect of 2015 (<c>server.protocols.mqtt.legacy</c>). Immutable.</summary>
public sealed record KuzzleLegacyOptions
{
    /// <summary>The one index that the dialect knows, which its topics do not name. Default <c>mainindex</c>, as in 2015.</summary>
    public string Index
    {
        get;
        init => field = value.Length > 0 ? value : throw new ArgumentException("The index of the 2015 dialect needs a name.", nameof(value));
    } = "mainindex";

    /// <summary>The user whose rights its clients have, for the dialect knows no authentication. Default <c>-1</c>, the anonymous one.</summary>
    public string User
    {
        get;
        init => field = value.Length > 0 ? value : throw new ArgumentException("The user of the 2015 dialect needs an identifier.", nameof(value));
    } = "-1";
}
