using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Configuration.Settings;

namespace Kuzzle.Edge.Configuration;

/// <summary>What users, rules and listeners can get wrong together.</summary>
internal static class AccessRules
{
    /// <summary>Adds what is wrong with the rules of the access list.</summary>
    public static void CheckRules(SettingValues values, List<ConfigurationFault> faults)
    {
        foreach (var (name, rule) in values.Get(AccessSettings.Acl))
        {
            var path = $"{AccessSettings.Acl.Key}.{name}";
            Setting<IReadOnlyList<TopicPattern>>[] rights = [AccessSettings.Read, AccessSettings.Write, AccessSettings.ReadWrite, AccessSettings.Deny];
            if (!Array.Exists(rights, rule.IsWritten))
            {
                faults.Add(new ConfigurationFault(rule.Origin, $"{path} needs one of {string.Join(", ", rights.Select(right => $"\"{right.Key}\""))}: it neither allows nor denies anything"));
            }
        }
    }

    /// <summary>Adds what is wrong with who may use a listener.</summary>
    public static void CheckListener(SettingValues listener, SettingValues values, List<ConfigurationFault> faults)
    {
        if (listener.Get(ListenerSettings.Profile) == ListenerProfile.Open)
        {
            CheckSomebodyMayCome(listener, values, faults);
            CheckRuleNames(listener, values, faults);
            return;
        }

        var (foreign, why) = listener.Get(ListenerSettings.Profile) == ListenerProfile.Drogue
            ? (ListenerSettings.OfAccess, "on a drogue listener the registry of devices decides")
            : (ListenerSettings.OfOpenListeners, "on a kuzzle listener the rights of Kuzzle's users decide");
        foreach (var setting in foreign.Where(listener.IsWritten))
        {
            faults.Add(new ConfigurationFault(listener.OriginOf(setting), $"{listener.PathOf(setting)} is for open listeners; {why}"));
        }
    }

    private static void CheckSomebodyMayCome(SettingValues listener, SettingValues values, List<ConfigurationFault> faults)
    {
        var methods = listener.Get(ListenerSettings.Authentication);
        if (listener.Get(ListenerSettings.AllowAnonymous)) return;

        // By default a listener takes all methods, but a certificate or key must be asked for by somebody who means it.
        var hasOtherMethod = listener.IsWritten(ListenerSettings.Authentication) && methods.Any(method => method != AuthenticationMethod.Password);
        var hasUsers = methods.Contains(AuthenticationMethod.Password) && values.Get(AccessSettings.Users).Values.Any(user => user.Find(AccessSettings.Password) is not null);
        if (hasOtherMethod || hasUsers) return;

        faults.Add(new ConfigurationFault(
            listener.Origin,
            $"nobody could use this open listener: name users with passwords in {AccessSettings.Users.Key}, let clients prove who they are by \"certificate\" or \"psk\" in {listener.PathOf(ListenerSettings.Authentication)}, or set {listener.PathOf(ListenerSettings.AllowAnonymous)} to true"));
    }

    private static void CheckRuleNames(SettingValues listener, SettingValues values, List<ConfigurationFault> faults)
    {
        if (listener.Find(ListenerSettings.Acl) is not { } names) return;

        var known = values.Get(AccessSettings.Acl);
        foreach (var name in names.Where(name => !known.ContainsKey(name)))
        {
            faults.Add(new ConfigurationFault(
                listener.OriginOf(ListenerSettings.Acl),
                $"{listener.PathOf(ListenerSettings.Acl)} names the rule \"{name}\", which is not in {AccessSettings.Acl.Key}{(known.Count == 0 ? "" : $" (there are {string.Join(", ", known.Keys)})")}"));
        }
    }
}
