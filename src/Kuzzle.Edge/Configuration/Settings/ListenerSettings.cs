using System.Net;
using Kuzzle.Edge.Configuration.Schema;

namespace Kuzzle.Edge.Configuration.Settings;

/// <summary>One further MQTT listener.</summary>
internal static class ListenerSettings
{
    public static readonly Setting<int> Port = new("port", Types.Port, default, "Its port; 0 lets the system choose one.") { IsRequired = true };

    public static readonly Setting<IPAddress> Host = new("host", Types.Address, IPAddress.Any, "The address on which it listens.");

    public static readonly Setting<ListenerProfile> Profile = new(
        "profile",
        new ChoiceType<ListenerProfile>(("kuzzle", ListenerProfile.Kuzzle), ("open", ListenerProfile.Open)),
        ListenerProfile.Kuzzle,
        "`kuzzle`: Kuzzle over MQTT; `open`: a plain broker.");

    public static readonly Setting<bool> AllowAnonymous = new(
        "allowAnonymous", Types.Flag, false, "Whether clients without a user name may use an `open` listener. (On `kuzzle` the API's rights decide.)");

    public static SettingSchema Schema { get; } = new([Port, Host, Profile, AllowAnonymous], []);
}
