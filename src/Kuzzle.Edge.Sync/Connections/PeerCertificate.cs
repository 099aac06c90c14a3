using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Kuzzle.Edge.Sync.Connections;

/// <summary>Judges the certificate that an upstream shows, and remembers in the operator's words why one was not accepted. May be asked from any thread.</summary>
/// <param name="trust">The file with the authorities, or null for those of the system.</param>
/// <param name="serverName">The name that it must be for.</param>
/// <param name="clock">What this box takes for the time; its wrongness is a common reason.</param>
internal sealed class PeerCertificate(string? trust, string serverName, TimeProvider clock)
{
    private volatile string? _complaint;

    /// <summary>What was wrong with the last one, as a sentence; null when nothing was.</summary>
    public string? Complaint => _complaint;

    /// <summary>What a TLS handshake asks.</summary>
    public bool Accept(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        _complaint = errors == SslPolicyErrors.None ? null : Describe(certificate as X509Certificate2, chain, errors);
        return errors == SslPolicyErrors.None;
    }

    private string Describe(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null) return "It shows no certificate.";

        var faults = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) faults.Add($"is for {NamesOf(certificate)}, not for {serverName}");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors)) AddChainFaults(chain, faults);
        return $"Its certificate {string.Join(", and ", faults)}.";
    }

    private void AddChainFaults(X509Chain? chain, List<string> faults)
    {
        var status = chain?.ChainStatus ?? [];
        var all = status.Aggregate(X509ChainStatusFlags.NoError, static (flags, next) => flags | next.Status);
        if (all.HasFlag(X509ChainStatusFlags.NotTimeValid)) AddTimeFaults(chain!, faults);
        if ((all & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != X509ChainStatusFlags.NoError) faults.Add($"comes from no authority that {trust ?? "this system"} names");
        if (faults.Count == 0) faults.Add($"is not accepted ({(status.Length > 0 ? string.Join("; ", status.Select(fault => fault.StatusInformation)) : "no chain")})");
    }

    private void AddTimeFaults(X509Chain chain, List<string> faults)
    {
        var now = clock.GetUtcNow();
        foreach (var element in chain.ChainElements)
        {
            var (begin, end) = (new DateTimeOffset(element.Certificate.NotBefore), new DateTimeOffset(element.Certificate.NotAfter));
            if (end < now) faults.Add($"({element.Certificate.Subject}) ended on {Text(end)}");
            else if (begin > now) faults.Add($"({element.Certificate.Subject}) begins on {Text(begin)}, and the clock of this box says {Text(now)}");
        }

        if (faults.Count == 0) faults.Add("is not valid at this time");
    }

    private static string NamesOf(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        var all = names is null ? [] : names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(static address => address.ToString())).ToList();
        return all.Count > 0 ? string.Join(", ", all) : certificate.Subject;
    }

    private static string Text(DateTimeOffset moment) => moment.ToString("u", CultureInfo.InvariantCulture);
}
