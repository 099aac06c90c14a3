using System.IO.Pipelines;
using Kuzzle.Edge.Listeners.Psk;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Listeners.Tls;

/// <summary>
/// The TLS of one listener as its files say at the moment. What was renewed holds for connections that come later; files that are of no use leave what was there before.
/// </summary>
internal sealed partial class RenewedHandshake : ITlsHandshake, IDisposable
{
    private static readonly TimeSpan ExpiryNotice = TimeSpan.FromDays(7);

    private readonly TlsOptions _options;
    private readonly IReadOnlyList<IPskKeys> _registries;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly string?[] _files;
    private readonly PskContext? _psk;
    private readonly Lock _gate = new();
    private volatile ITlsHandshake _current;
    private ServerCertificate? _certificate;
    private string _fingerprint;
    private string? _complaint; // Told, and not mended.
    private ServerCertificate? _expiryTold;

    /// <summary>Reads the files.</summary>
    /// <param name="options">Which files.</param>
    /// <param name="registries">Who else knows keys, asked after the file.</param>
    /// <param name="clock">Tells what has expired.</param>
    /// <param name="logger">Told of renewals, and of files that are of no use.</param>
    /// <exception cref="TlsFileException">A file is of no use, or this system cannot use it.</exception>
    public RenewedHandshake(TlsOptions options, IReadOnlyList<IPskKeys> registries, TimeProvider clock, ILogger logger)
    {
        _options = options;
        _registries = registries;
        _clock = clock;
        _logger = logger;
        _files = [options.Certificate, options.Key, options.Pfx, options.Trust, options.Psk];
        _psk = options.Psk is not null ? NewContext(options.Psk) : registries.Count > 0 ? TryNewContext() : null;
        try
        {
            _fingerprint = TlsFile.Fingerprint(_files);
            _current = Load();
        }
        catch
        {
            _psk?.Dispose();
            throw;
        }
    }

    /// <summary>Reads the files of a listener for nothing but the fault that they may have.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? FindFault(TlsOptions options, TimeProvider clock)
    {
        try
        {
            if (options.HasCertificate) _ = ServerCertificate.Load(options, clock);
            if (options.Trust is { } trust) _ = ReadTrust(trust, clock);
            if (options.Psk is not { } psk) return null;

            _ = PskFile.Load(psk);
            using var context = NewContext(psk);
            return null;
        }
        catch (TlsFileException fault)
        {
            return fault.Message;
        }
    }

    /// <inheritdoc/>
    public ValueTask<TlsSession> RunAsync(IDuplexPipe pipes, DuplexPipeStream stream, CancellationToken cancellationToken) =>
        _current.RunAsync(pipes, stream, cancellationToken);

    /// <summary>Takes what was renewed. What is of no use is complained of once, until it is mended or there is another reason.</summary>
    public void LookAgain()
    {
        lock (_gate)
        {
            WarnOfExpiry();
            var fingerprint = TlsFile.Fingerprint(_files);
            if (fingerprint == _fingerprint) return;

            try
            {
                _current = Load();
                _complaint = null;
                LogRenewed(_certificate?.Leaf.Subject ?? _options.Psk!, _certificate?.Leaf.NotAfter);
            }
            catch (TlsFileException fault)
            {
                if (_complaint != fault.Message) LogKeptOld(fault.Message);
                _complaint = fault.Message;
            }

            _fingerprint = fingerprint; // Even of what is of no use: it is looked at again when it changes.
        }
    }

    /// <summary>Frees what connections have in common. Dispose it after them.</summary>
    public void Dispose() => _psk?.Dispose();

    private static PskContext NewContext(string path)
    {
        try
        {
            return new PskContext();
        }
        catch (NotSupportedException failure)
        {
            throw new TlsFileException(path, $"cannot be used: {failure.Message}", failure);
        }
    }

    /// <summary>Nobody has asked for keys by name: where they cannot be, clients with certificates and passwords are served nevertheless.</summary>
    private PskContext? TryNewContext()
    {
        try
        {
            return new PskContext();
        }
        catch (NotSupportedException failure)
        {
            LogWithoutKeys(failure.Message);
            return null;
        }
    }

    private ITlsHandshake Load()
    {
        var certificate = _options.HasCertificate ? ServerCertificate.Load(_options, _clock) : null;
        var trust = _options.Trust is { } path ? ReadTrust(path, _clock) : [];
        ITlsHandshake? psk = _psk is null ? null : new PskHandshake(_psk, _options.Psk is { } file ? [PskFile.Load(file), .. _registries] : _registries);
        _certificate = certificate;
        WarnOfExpiry();
        if (certificate is null) return psk ?? throw new InvalidOperationException("TLS without a certificate and without keys.");

        var handshake = new CertificateHandshake(certificate, _options.ClientCertificates, trust);
        return psk is null ? handshake : new ChosenHandshake(handshake, psk);
    }

    private static System.Security.Cryptography.X509Certificates.X509Certificate2Collection ReadTrust(string path, TimeProvider clock)
    {
        var trust = ServerCertificate.ReadCertificates(path);
        var now = clock.GetUtcNow();
        return trust.Any(anchor => new DateTimeOffset(anchor.NotAfter) > now) ? trust : throw new TlsFileException(path, "holds only certificates that have expired");
    }

    private void WarnOfExpiry()
    {
        if (_certificate is null || _certificate == _expiryTold || new DateTimeOffset(_certificate.Leaf.NotAfter) - _clock.GetUtcNow() > ExpiryNotice) return;

        _expiryTold = _certificate;
        LogExpires(_certificate.Leaf.Subject, _certificate.Leaf.NotAfter);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No device can use its pre-shared key: {Reason}")]
    private partial void LogWithoutKeys(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "TLS was renewed: {Subject}, valid until {NotAfter:u}")]
    private partial void LogRenewed(string subject, DateTime? notAfter);

    [LoggerMessage(Level = LogLevel.Warning, Message = "TLS was not renewed, and what was there before stays in force: {Reason}")]
    private partial void LogKeptOld(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The certificate of {Subject} is valid only until {NotAfter:u}; renew its file, and it is taken without a restart")]
    private partial void LogExpires(string subject, DateTime notAfter);
}
