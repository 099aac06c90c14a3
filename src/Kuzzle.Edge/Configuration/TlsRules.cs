using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Configuration.Settings;
using Kuzzle.Edge.Listeners.Tls;

namespace Kuzzle.Edge.Configuration;

/// <summary>What the TLS settings of a listener can get wrong together, and what is wrong with the files they name.</summary>
internal static class TlsRules
{
    /// <summary>Adds what is wrong.</summary>
    public static void Check(SettingValues tls, ListenerProfile profile, TimeProvider clock, List<ConfigurationFault> faults)
    {
        var before = faults.Count;
        var hasCertificate = tls.IsWritten(TlsSettings.Certificate) || tls.IsWritten(TlsSettings.Pfx);
        if (!hasCertificate && !tls.IsWritten(TlsSettings.Psk)) Add(tls.Origin, $"{tls.Path} needs \"certificate\", \"pfx\" or \"psk\": without one, no client can begin");
        if (tls.IsWritten(TlsSettings.Certificate) && tls.IsWritten(TlsSettings.Pfx)) Add(tls.OriginOf(TlsSettings.Pfx), $"{tls.PathOf(TlsSettings.Pfx)} cannot stand beside \"certificate\": a listener shows one");
        Needs(TlsSettings.Key, TlsSettings.Certificate);
        Needs(TlsSettings.KeyPassword, TlsSettings.Certificate);
        Needs(TlsSettings.PfxPassword, TlsSettings.Pfx);
        if (profile == ListenerProfile.Drogue) CheckDevices(tls, hasCertificate, faults);
        CheckClients(tls, profile, hasCertificate, faults);
        if (faults.Count == before && RenewedHandshake.FindFault(SettingMapping.Tls(tls, profile), clock) is { } fault) Add(tls.Origin, $"{tls.Path}: {fault}");

        void Needs(Setting setting, Setting other)
        {
            if (tls.IsWritten(setting) && !tls.IsWritten(other)) Add(tls.OriginOf(setting), $"{tls.PathOf(setting)} means nothing without \"{other.Key}\"");
        }

        void Add(Origin origin, string message) => faults.Add(new ConfigurationFault(origin, message));
    }

    /// <summary>Keys of devices are in the registry, where they can be taken back one by one.</summary>
    private static void CheckDevices(SettingValues tls, bool hasCertificate, List<ConfigurationFault> faults)
    {
        if (tls.IsWritten(TlsSettings.Psk))
        {
            faults.Add(new ConfigurationFault(tls.OriginOf(TlsSettings.Psk), $"{tls.PathOf(TlsSettings.Psk)} is not for a drogue listener: the keys of devices are in their registry, and need no setting"));
        }

        if (!hasCertificate) faults.Add(new ConfigurationFault(tls.Origin, $"{tls.Path} of a drogue listener needs \"certificate\" or \"pfx\""));
    }

    private static void CheckClients(SettingValues tls, ListenerProfile profile, bool hasCertificate, List<ConfigurationFault> faults)
    {
        var path = tls.PathOf(TlsSettings.Clients);
        var origin = tls.OriginOf(TlsSettings.Clients);
        if (tls.Get(TlsSettings.Clients) == ClientCertificates.None)
        {
            if (profile == ListenerProfile.Drogue && !tls.IsWritten(TlsSettings.Clients) && tls.IsWritten(TlsSettings.Trust))
            {
                faults.Add(new ConfigurationFault(tls.OriginOf(TlsSettings.Trust), $"{tls.PathOf(TlsSettings.Trust)} means nothing on a drogue listener unless {path} is \"optional\" or \"required\""));
                return;
            }

            if (tls.IsWritten(TlsSettings.Trust)) faults.Add(new ConfigurationFault(tls.OriginOf(TlsSettings.Trust), $"{tls.PathOf(TlsSettings.Trust)} means nothing while {path} is \"none\""));
            return;
        }

        if (tls.Get(TlsSettings.Clients) == ClientCertificates.Unverified)
        {
            if (profile != ListenerProfile.Drogue) faults.Add(new ConfigurationFault(origin, $"{path} can be \"registry\" on drogue listeners only: on others nobody would judge the certificates"));
            if (tls.IsWritten(TlsSettings.Trust)) faults.Add(new ConfigurationFault(tls.OriginOf(TlsSettings.Trust), $"{tls.PathOf(TlsSettings.Trust)} means nothing while {path} is \"registry\""));
            return;
        }

        if (!hasCertificate) faults.Add(new ConfigurationFault(origin, $"{path} needs \"certificate\" or \"pfx\": the server shows its own first"));
        if (!tls.IsWritten(TlsSettings.Trust)) faults.Add(new ConfigurationFault(origin, $"{path} needs \"trust\": the roots that clients' certificates must come from"));
    }
}
