using System.Text;
using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Configuration.Settings;
using Kuzzle.Edge.Configuration.Trees;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Configuration;

/// <summary>What the settings of bridges can get wrong together.</summary>
internal static class BridgeRules
{
    /// <summary>Adds what does not fit together.</summary>
    public static void Check(SettingValues values, List<ConfigurationFault> faults)
    {
        var names = new Dictionary<string, SettingPath>(StringComparer.Ordinal);
        var sessions = new Dictionary<(string Host, int Port, string ClientId), SettingPath>();
        foreach (var bridge in values.Get(BridgeSettings.Mqtt))
        {
            CheckBridge(bridge, faults);
            if (!bridge.IsWritten(BridgeSettings.Name)) continue;

            var path = bridge.PathOf(BridgeSettings.Name);
            if (!names.TryAdd(bridge.Get(BridgeSettings.Name), path))
            {
                faults.Add(new ConfigurationFault(bridge.OriginOf(BridgeSettings.Name), $"{path} is \"{bridge.Get(BridgeSettings.Name)}\", as {names[bridge.Get(BridgeSettings.Name)]} is already"));
                continue;
            }

            if (!bridge.IsWritten(BridgeSettings.Url)) continue;

            var url = bridge.Get(BridgeSettings.Url);
            var session = (url.Host, url.Port, BridgeMapping.ClientIdOf(bridge));
            if (sessions.TryAdd(session, bridge.Path)) continue;

            faults.Add(new ConfigurationFault(
                bridge.OriginOf(BridgeSettings.ClientId), $"{bridge.PathOf(BridgeSettings.ClientId)} is \"{session.Item3}\", as that of {sessions[session]} is already: on one broker, each would throw the other out"));
        }
    }

    private static void CheckBridge(SettingValues bridge, List<ConfigurationFault> faults)
    {
        if (bridge.IsMeant(BridgeSettings.Drogue))
        {
            // A Drogue endpoint has other topics, and no sessions.
            foreach (var setting in (Setting[])[BridgeSettings.Topics, BridgeSettings.StateTopic, BridgeSettings.Clean])
            {
                if (bridge.IsMeant(setting)) faults.Add(new ConfigurationFault(bridge.OriginOf(setting), $"{bridge.PathOf(setting)} cannot stand beside \"drogue\", which knows its topics and has no sessions"));
            }
        }
        else if (bridge.Get(BridgeSettings.Topics).Count == 0 && (!bridge.IsMeant(BridgeSettings.Topics) || faults.Count == 0))
        {
            faults.Add(new ConfigurationFault(bridge.Origin, $"{bridge.Path} needs \"topics\": what shall cross"));
        }

        foreach (var topic in bridge.Get(BridgeSettings.Topics).Where(topic => topic.IsWritten(BridgeSettings.Pattern)))
        {
            if (BridgeMapping.Map(topic).Fault is { } fault) faults.Add(new ConfigurationFault(topic.Origin, $"{topic.Path}: {fault}"));
        }

        if (Encoding.UTF8.GetByteCount(BridgeMapping.ClientIdOf(bridge)) > ushort.MaxValue - 64)
        {
            faults.Add(new ConfigurationFault(bridge.OriginOf(BridgeSettings.ClientId), $"{bridge.PathOf(BridgeSettings.ClientId)} is too long"));
        }

        if (bridge.Find(BridgeSettings.Auth) is { } auth) CheckAuth(bridge, auth, faults);
        if (bridge.Find(BridgeSettings.Tls) is { } tls) CheckTls(bridge, tls, faults);
    }

    private static void CheckAuth(SettingValues bridge, SettingValues auth, List<ConfigurationFault> faults)
    {
        var hasPassword = auth.IsMeant(BridgeSettings.Password) || auth.IsMeant(BridgeSettings.PasswordFile);
        if (auth.IsMeant(BridgeSettings.Password) && auth.IsMeant(BridgeSettings.PasswordFile))
        {
            faults.Add(new ConfigurationFault(
                auth.OriginOf(BridgeSettings.PasswordFile), $"{auth.PathOf(BridgeSettings.PasswordFile)} cannot stand beside \"{BridgeSettings.Password.Key}\": one of them is needed"));
        }

        if (!auth.IsMeant(BridgeSettings.UserName) && !hasPassword)
        {
            faults.Add(new ConfigurationFault(auth.Origin, $"{auth.Path} needs \"username\" and, mostly, \"password\" or \"passwordFile\"; for a bridge that is anonymous, or known by its certificate, take it out"));
        }
        else if (!auth.IsMeant(BridgeSettings.UserName) && bridge.Get(BridgeSettings.Version) != MqttVersion.V5)
        {
            faults.Add(new ConfigurationFault(auth.Origin, $"{auth.Path} needs \"username\": before MQTT 5 there is no password without one"));
        }
    }

    private static void CheckTls(SettingValues bridge, SettingValues tls, List<ConfigurationFault> faults)
    {
        if (bridge.IsWritten(BridgeSettings.Url) && bridge.Get(BridgeSettings.Url).Scheme is "mqtt" or "ws")
        {
            var scheme = bridge.Get(BridgeSettings.Url).Scheme;
            faults.Add(new ConfigurationFault(tls.Origin, $"{tls.Path} means nothing while {bridge.PathOf(BridgeSettings.Url)} begins with {scheme}://; write {scheme}s://"));
        }

        if (tls.IsWritten(UpstreamSettings.CertificateKey) && !tls.IsMeant(UpstreamSettings.Certificate))
        {
            faults.Add(new ConfigurationFault(tls.OriginOf(UpstreamSettings.CertificateKey), $"{tls.PathOf(UpstreamSettings.CertificateKey)} means nothing without \"certificate\""));
        }
    }
}
