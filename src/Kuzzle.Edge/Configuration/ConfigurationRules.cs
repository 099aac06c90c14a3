using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Configuration.Settings;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration;

/// <summary>What two settings that are right on their own can get wrong together.</summary>
internal static class ConfigurationRules
{
    /// <summary>Adds what does not fit together.</summary>
    public static void Check(SettingValues values, TimeProvider clock, List<ConfigurationFault> faults)
    {
        CheckTopics(values, faults);
        CheckBuffer(values, faults);
        CheckListeners(values, clock, faults);
        CheckSomethingListens(values, faults);
        AccessRules.CheckRules(values, faults);
        SensorRules.Check(values, faults);
        if (values.Find(UpstreamSettings.Kuzzle) is { } upstream) UpstreamRules.Check(upstream, faults);
        BridgeRules.Check(values, faults);
    }

    private static void CheckTopics(SettingValues values, List<ConfigurationFault> faults)
    {
        if (values.Get(MqttSettings.RequestTopic) != values.Get(MqttSettings.ResponseTopic)) return;

        var written = values.IsWritten(MqttSettings.RequestTopic) ? MqttSettings.RequestTopic : MqttSettings.ResponseTopic;
        faults.Add(new ConfigurationFault(
            values.OriginOf(written),
            $"{MqttSettings.RequestTopic.Key} and {MqttSettings.ResponseTopic.Key} must differ, not both be \"{values.Get(MqttSettings.RequestTopic)}\""));
    }

    private static void CheckBuffer(SettingValues values, List<ConfigurationFault> faults)
    {
        var concurrent = values.Get(LimitSettings.ConcurrentRequests);
        var buffer = values.Get(LimitSettings.RequestsBufferSize);
        if (concurrent < buffer) return;

        var written = values.IsWritten(LimitSettings.ConcurrentRequests) ? LimitSettings.ConcurrentRequests : LimitSettings.RequestsBufferSize;
        faults.Add(new ConfigurationFault(
            values.OriginOf(written),
            $"{LimitSettings.ConcurrentRequests.Key} ({concurrent}) must be less than {LimitSettings.RequestsBufferSize.Key} ({buffer})"));
    }

    private static void CheckListeners(SettingValues values, TimeProvider clock, List<ConfigurationFault> faults)
    {
        var taken = new Dictionary<int, string>();
        if (values.Get(MqttSettings.Enabled)) taken[values.Get(MqttSettings.Port)] = MqttSettings.Port.Key;
        Claim(taken, values.Get(ServerSettings.Port), ServerSettings.Port.Key, values.OriginOf(ServerSettings.Port), faults);

        foreach (var listener in values.Get(MqttSettings.Listeners))
        {
            var key = listener.PathOf(ListenerSettings.Port).Text;
            if (listener.IsWritten(ListenerSettings.Port)) Claim(taken, listener.Get(ListenerSettings.Port), key, listener.OriginOf(ListenerSettings.Port), faults);

            CheckAddress(listener, faults);
            AccessRules.CheckListener(listener, values, faults);
            if (listener.Find(ListenerSettings.Tls) is { } tls && !listener.IsMeant(ListenerSettings.Path)) TlsRules.Check(tls, listener.Get(ListenerSettings.Profile), clock, faults);
        }

        CheckPaths(values, faults);
        if (values.Find(MqttSettings.WebSocket) is { } webSocket) AccessRules.CheckListener(webSocket, values, faults);
    }

    /// <summary>A port on an address, or a path; each with what belongs to it.</summary>
    private static void CheckAddress(SettingValues listener, List<ConfigurationFault> faults)
    {
        var hasPath = listener.IsMeant(ListenerSettings.Path);
        if (hasPath == listener.IsMeant(ListenerSettings.Port))
        {
            faults.Add(new ConfigurationFault(listener.Origin, $"{listener.Path} needs {(hasPath ? "either \"port\" or \"path\", not both" : "\"port\" (or, for a Unix domain socket, \"path\")")}"));
            return;
        }

        Setting[] foreign = hasPath ? [ListenerSettings.Host, ListenerSettings.Tls] : [ListenerSettings.Mode];
        foreach (var setting in foreign.Where(listener.IsWritten))
        {
            faults.Add(new ConfigurationFault(listener.OriginOf(setting), $"{listener.PathOf(setting)} is for {(hasPath ? "ports" : "Unix domain sockets")}; this listener has a {(hasPath ? "path" : "port")}"));
        }
    }

    private static void CheckPaths(SettingValues values, List<ConfigurationFault> faults)
    {
        var taken = new Dictionary<string, SettingPath>(StringComparer.Ordinal);
        foreach (var listener in values.Get(MqttSettings.Listeners).Where(listener => listener.IsWritten(ListenerSettings.Path)))
        {
            var path = listener.Get(ListenerSettings.Path);
            var key = listener.PathOf(ListenerSettings.Path);
            if (!taken.TryAdd(path, key)) faults.Add(new ConfigurationFault(listener.OriginOf(ListenerSettings.Path), $"{key} is {path}, which is already the path of {taken[path]}"));
        }
    }

    /// <summary>One port for two listeners would fail at start on most addresses; here it has a line.</summary>
    private static void Claim(Dictionary<int, string> taken, int port, string key, Origin origin, List<ConfigurationFault> faults)
    {
        if (port == 0 || taken.TryAdd(port, key)) return;

        faults.Add(new ConfigurationFault(origin, FormattableString.Invariant($"{key} is {port}, which is already the port of {taken[port]}")));
    }

    private static void CheckSomethingListens(SettingValues values, List<ConfigurationFault> faults)
    {
        if (!values.Get(MqttSettings.Enabled) && values.Get(MqttSettings.Listeners).Count > 0)
        {
            faults.Add(new ConfigurationFault(
                values.OriginOf(MqttSettings.Listeners), $"{MqttSettings.Listeners.Key} needs {MqttSettings.Enabled.Key} to be true"));
        }
    }
}
