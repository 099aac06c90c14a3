using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Configuration.Settings;
using Kuzzle.Edge.Listeners.Tls;

namespace Kuzzle.Edge.Configuration;

/// <summary>What the TLS settings of a listener can get wrong together, and what is wrong with the files they name.</summary>
internal static class TlsRules
{
    /// <summary>Adds what is wrong.</summary>
    public static void Check(SettingValues tls, TimeProvider clock, List<ConfigurationFault> faults)
    {
        var before = faults.Count;
        var hasCertificate = tls.IsWritten(TlsSettings.Certificate) || tls.IsWritten(TlsSettings.Pfx);
        if (!hasCertificate && !tls.IsWritten(TlsSettings.Psk)) Add(tls.Origin, $"{tls.Path} needs \"certificate\", \"pfx\" or \"psk\": without one, no client can begin");
        if (tls.IsWritten(TlsSettings.Certificate) && tls.IsWritten(TlsSettings.Pfx)) Add(tls.OriginOf(TlsSettings.Pfx), $"{tls.PathOf(TlsSettings.Pfx)} cannot stand beside \"certificate\": a listener shows one");
        Needs(TlsSettings.Key, TlsSettings.Certificate);
        Needs(TlsSettings.KeyPassword, TlsSettings.Certificate);
        Needs(TlsSettings.PfxPassword, TlsSettings.Pfx);
        CheckClients(tls, hasCertificate, faults);
        if (faults.Count == before && RenewedHandshake.FindFault(SettingMapping.Tls(tls), clock) is { } fault) Add(tls.Origin, $"{tls.Path}: {fault}");

        void Needs(Setting setting, Setting other)
        {
            if (tls.IsWritten(setting) && !tls.IsWritten(other)) Add(tls.OriginOf(setting), $"{tls.PathOf(setting)} means nothing without \"{other.Key}\"");
        }

        void Add(Origin origin, string message) => faults.Add(new ConfigurationFault(origin, message));
    }

    private static void CheckClients(SettingValues tls, bool hasCertificate, List<ConfigurationFault> faults)
    {
        var path = tls.PathOf(TlsSettings.Clients);
        var origin = tls.OriginOf(TlsSettings.Clients);
        if (tls.Get(TlsSettings.Clients) == ClientCertificates.None)
        {
            if (tls.IsWritten(TlsSettings.Trust)) faults.Add(new ConfigurationFault(tls.OriginOf(TlsSettings.Trust), $"{tls.PathOf(TlsSettings.Trust)} means nothing while {path} is \"none\""));
            return;
        }

        if (!hasCertificate) faults.Add(new ConfigurationFault(origin, $"{path} needs \"certificate\" or \"pfx\": the server shows its own first"));
        if (!tls.IsWritten(TlsSettings.Trust)) faults.Add(new ConfigurationFault(origin, $"{path} needs \"trust\": the roots that clients' certificates must come from"));
    }
}
