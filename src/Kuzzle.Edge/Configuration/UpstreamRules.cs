using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Configuration.Settings;
using Kuzzle.Edge.Sync.Rules;

namespace Kuzzle.Edge.Configuration;

/// <summary>What the settings of the upstream link can get wrong together.</summary>
internal static class UpstreamRules
{
    /// <summary>Adds what does not fit together.</summary>
    public static void Check(SettingValues upstream, List<ConfigurationFault> faults)
    {
        // Where something was meant and is wrong, that has its own fault.
        if (upstream.Get(UpstreamSettings.Rules).Count == 0 && (!upstream.IsMeant(UpstreamSettings.Rules) || faults.Count == 0))
        {
            faults.Add(new ConfigurationFault(upstream.Origin, $"{upstream.Path} needs \"rules\": what shall go up or come down"));
        }

        if (upstream.Find(UpstreamSettings.Auth) is { } auth) CheckAuth(auth, faults);
        if (upstream.Find(UpstreamSettings.Tls) is { } tls) CheckTls(upstream, tls, faults);
        CheckRules(upstream, faults);
    }

    /// <summary>One way to say who the link is.</summary>
    private static void CheckAuth(SettingValues auth, List<ConfigurationFault> faults)
    {
        OneOf(UpstreamSettings.ApiKey, UpstreamSettings.ApiKeyFile);
        OneOf(UpstreamSettings.Password, UpstreamSettings.PasswordFile);
        var hasKey = auth.IsMeant(UpstreamSettings.ApiKey) || auth.IsMeant(UpstreamSettings.ApiKeyFile);
        var hasUser = auth.IsMeant(UpstreamSettings.UserName);
        var hasPassword = auth.IsMeant(UpstreamSettings.Password) || auth.IsMeant(UpstreamSettings.PasswordFile);
        if (hasKey && (hasUser || hasPassword))
        {
            Add(auth.OriginOf(hasUser ? UpstreamSettings.UserName : auth.IsMeant(UpstreamSettings.Password) ? UpstreamSettings.Password : UpstreamSettings.PasswordFile), $"{auth.Path} has an API key and a user; one of them is needed");
        }
        else if (hasUser != hasPassword)
        {
            Add(auth.Origin, $"{auth.Path} needs \"username\" and \"password\" (or \"passwordFile\") together");
        }
        else if (!hasKey && !hasUser)
        {
            Add(auth.Origin, $"{auth.Path} needs \"apiKey\" (or \"apiKeyFile\"), or \"username\" and \"password\"; for a link that is anonymous, or known by its certificate, take it out");
        }

        if (!hasUser && auth.IsMeant(UpstreamSettings.Strategy)) Add(auth.OriginOf(UpstreamSettings.Strategy), $"{auth.PathOf(UpstreamSettings.Strategy)} means nothing without \"username\"");

        void OneOf(Setting text, Setting file)
        {
            if (auth.IsMeant(text) && auth.IsMeant(file)) Add(auth.OriginOf(file), $"{auth.PathOf(file)} cannot stand beside \"{text.Key}\": one of them is needed");
        }

        void Add(Origin origin, string message) => faults.Add(new ConfigurationFault(origin, message));
    }

    private static void CheckTls(SettingValues upstream, SettingValues tls, List<ConfigurationFault> faults)
    {
        if (upstream.IsWritten(UpstreamSettings.Url) && upstream.Get(UpstreamSettings.Url).Scheme is "ws" or "http")
        {
            faults.Add(new ConfigurationFault(tls.Origin, $"{tls.Path} means nothing while {upstream.PathOf(UpstreamSettings.Url)} begins with {upstream.Get(UpstreamSettings.Url).Scheme}://; write wss:// or https://"));
        }

        if (tls.IsWritten(UpstreamSettings.CertificateKey) && !tls.IsMeant(UpstreamSettings.Certificate))
        {
            faults.Add(new ConfigurationFault(tls.OriginOf(UpstreamSettings.CertificateKey), $"{tls.PathOf(UpstreamSettings.CertificateKey)} means nothing without \"certificate\""));
        }
    }

    private static void CheckRules(SettingValues upstream, List<ConfigurationFault> faults)
    {
        foreach (var rule in upstream.Get(UpstreamSettings.Rules).Where(rule => rule.Get(UpstreamSettings.Direction) == SyncDirection.Down))
        {
            foreach (var setting in (Setting[])[UpstreamSettings.DeleteAfter, UpstreamSettings.DeleteAboveDisk, UpstreamSettings.MayBeDropped])
            {
                if (rule.IsWritten(setting)) faults.Add(new ConfigurationFault(rule.OriginOf(setting), $"{rule.PathOf(setting)} is for rules that go \"up\" or \"both\""));
            }
        }

        foreach (var rule in upstream.Get(UpstreamSettings.Rules).Where(rule => rule.Get(UpstreamSettings.Direction) != SyncDirection.Up))
        {
            foreach (var setting in (Setting[])[UpstreamSettings.Include, UpstreamSettings.Exclude])
            {
                if (rule.IsWritten(setting)) faults.Add(new ConfigurationFault(rule.OriginOf(setting), $"{rule.PathOf(setting)} is for rules that go \"up\": a part of a document that came down would replace the whole"));
            }
        }

        foreach (var rule in upstream.Get(UpstreamSettings.Rules).Where(rule => rule.IsWritten(UpstreamSettings.Match) && rule.IsWritten(UpstreamSettings.Target)))
        {
            var (match, target) = (rule.Get(UpstreamSettings.Match), rule.Get(UpstreamSettings.Target));
            if (match.Allows(target)) continue;

            faults.Add(new ConfigurationFault(
                rule.OriginOf(UpstreamSettings.Target),
                $"{rule.PathOf(UpstreamSettings.Target)} must have one * where {match} has any, or different collections would become one; not \"{target}\""));
        }
    }
}
