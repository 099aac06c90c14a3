using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kuzzle.Edge.Listeners.Tls;
using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Listeners.Tests.Tls;

public sealed class RenewedHandshakeTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task Files_renewed_by_renaming_are_taken_for_the_next_connection()
    {
        await using var server = new TlsServer(WriteServer("old"));
        await using var before = await server.ConnectAsync();
        (await TlsServer.EchoesAsync(before)).ShouldBeTrue();

        WriteServer("new", "next");
        File.Move(_authority.PathOf("next.pem"), _authority.PathOf("server.pem"), overwrite: true);
        File.Move(_authority.PathOf("next.key"), _authority.PathOf("server.key"), overwrite: true);
        server.Handshake.LookAgain();

        (await ShownByAsync(server)).ShouldBe("CN=new");
        (await TlsServer.EchoesAsync(before)).ShouldBeTrue("who is connected stays so");
        server.Log.At(LogLevel.Information).ShouldHaveSingleItem().ShouldStartWith("TLS was renewed: CN=new, valid until ");
    }

    [Fact]
    public async Task Files_renewed_by_pointing_a_link_elsewhere_are_taken()
    {
        foreach (var name in (string[])["one", "two"])
        {
            Directory.CreateDirectory(_authority.PathOf(name));
            WriteServer(name, $"{name}/tls");
        }

        Directory.CreateSymbolicLink(_authority.PathOf("..data"), "one");
        File.CreateSymbolicLink(_authority.PathOf("tls.pem"), "..data/tls.pem");
        File.CreateSymbolicLink(_authority.PathOf("tls.key"), "..data/tls.key");
        await using var server = new TlsServer(new TlsOptions { Certificate = _authority.PathOf("tls.pem"), Key = _authority.PathOf("tls.key") });
        (await ShownByAsync(server)).ShouldBe("CN=one");

        Directory.CreateSymbolicLink(_authority.PathOf("..next"), "two");
        Directory.Move(_authority.PathOf("..data"), _authority.PathOf("..gone"));
        Directory.Move(_authority.PathOf("..next"), _authority.PathOf("..data"));
        server.Handshake.LookAgain();

        (await ShownByAsync(server)).ShouldBe("CN=two");
    }

    [Fact]
    public async Task A_half_written_pair_leaves_the_old_one_and_is_complained_of_once()
    {
        await using var server = new TlsServer(WriteServer("old"));

        WriteServer("new", "next");
        File.Move(_authority.PathOf("next.pem"), _authority.PathOf("server.pem"), overwrite: true);
        for (var look = 0; look < 3; look++) server.Handshake.LookAgain();

        (await ShownByAsync(server)).ShouldBe("CN=old");
        server.Log.At(LogLevel.Warning).ShouldHaveSingleItem().ShouldBe(
            $"TLS was not renewed, and what was there before stays in force: {_authority.PathOf("server.key")} is not the key of the (first) certificate in {_authority.PathOf("server.pem")}");

        File.Move(_authority.PathOf("next.key"), _authority.PathOf("server.key"), overwrite: true);
        server.Handshake.LookAgain();

        (await ShownByAsync(server)).ShouldBe("CN=new");
    }

    [Fact]
    public async Task Files_that_have_gone_leave_what_was_there()
    {
        await using var server = new TlsServer(WriteServer("old"));

        File.Delete(_authority.PathOf("server.key"));
        server.Handshake.LookAgain();

        (await ShownByAsync(server)).ShouldBe("CN=old");
        server.Log.At(LogLevel.Warning).ShouldHaveSingleItem().ShouldEndWith($"{_authority.PathOf("server.key")} does not exist");
    }

    [Fact]
    public async Task Trust_anchors_are_renewed_too()
    {
        using var stranger = new TestAuthority("Another root");
        using var certificate = stranger.IssueClient("device-1");
        await using var server = new TlsServer(WriteServer("server") with { ClientCertificates = ClientCertificates.Required, Trust = _authority.Trust });
        (await IsWelcomeAsync(server, certificate)).ShouldBeFalse();

        await File.AppendAllTextAsync(_authority.Trust, "\n" + stranger.Root.ExportCertificatePem());
        server.Handshake.LookAgain();

        (await IsWelcomeAsync(server, certificate)).ShouldBeTrue();
    }

    [Fact]
    public void A_certificate_that_ends_soon_is_told_once()
    {
        using var certificate = _authority.IssueServer("soon", TestAuthority.Now.AddDays(3));
        var (path, key) = _authority.WriteServer(certificate);
        var log = new RecordingLogger();

        using var handshake = new RenewedHandshake(new TlsOptions { Certificate = path, Key = key }, [], TimeProvider.System, log);
        handshake.LookAgain();

        log.At(LogLevel.Warning).ShouldHaveSingleItem().ShouldStartWith("The certificate of CN=soon is valid only until ");
    }

    [Theory]
    [InlineData("rsa")]
    [InlineData("rsa, PKCS #1")]
    [InlineData("EC, SEC 1")]
    [InlineData("EC, PKCS #8")]
    [InlineData("encrypted")]
    [InlineData("pfx")]
    [InlineData("pfx with password")]
    public async Task Keys_come_in_many_forms(string form)
    {
        using var certificate = form.StartsWith("rsa", StringComparison.Ordinal) ? SelfSignedRsa() : _authority.IssueServer("server");
        var path = _authority.Write("server.pem", certificate.ExportCertificatePem());
        var options = new TlsOptions { Certificate = path, Key = _authority.PathOf("server.key") };
        var encryption = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 2048);
        switch (form)
        {
            case "rsa":
                _authority.Write("server.key", certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
                break;
            case "rsa, PKCS #1":
                _authority.Write("server.key", certificate.GetRSAPrivateKey()!.ExportRSAPrivateKeyPem());
                break;
            case "EC, SEC 1":
                _authority.Write("server.key", certificate.GetECDsaPrivateKey()!.ExportECPrivateKeyPem());
                break;
            case "EC, PKCS #8":
                _authority.Write("server.key", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
                break;
            case "encrypted":
                _authority.Write("server.key", certificate.GetECDsaPrivateKey()!.ExportEncryptedPkcs8PrivateKeyPem("secret", encryption));
                options = options with { KeyPassword = "secret" };
                break;
            default:
                var password = form == "pfx" ? null : "secret";
                await File.WriteAllBytesAsync(_authority.PathOf("server.pfx"), certificate.Export(X509ContentType.Pkcs12, password));
                options = new TlsOptions { Pfx = _authority.PathOf("server.pfx"), PfxPassword = password };
                break;
        }

        await using var server = new TlsServer(options);

        (await ShownByAsync(server)).ShouldBe("CN=server");
    }

    [Theory]
    [InlineData("absent", "server.pem does not exist")]
    [InlineData("directory", "server.pem is a directory")]
    [InlineData("empty", "server.pem holds no certificate (-----BEGIN CERTIFICATE-----)")]
    [InlineData("no text", "server.pem is not text; PEM is, and begins with -----BEGIN")]
    [InlineData("damaged", "server.pem holds a certificate that cannot be read")]
    [InlineData("no key", "server.key holds no private key (-----BEGIN … PRIVATE KEY-----)")]
    [InlineData("another key", "server.key is not the key of the (first) certificate in server.pem")]
    [InlineData("encrypted", "server.key is encrypted, and there is no password for it")]
    [InlineData("wrong password", "server.key cannot be decrypted: the password is wrong, or the file is damaged")]
    [InlineData("old encryption", "server.key is encrypted in the old way of OpenSSL; convert it with: openssl pkcs8 -topk8 -in OLD -out NEW")]
    [InlineData("expired", "server.pem has expired on ")]
    [InlineData("pfx", "server.pfx cannot be read as PKCS #12: the password is wrong, or the file is damaged")]
    [InlineData("trust", "trust.pem holds no certificate (-----BEGIN CERTIFICATE-----)")]
    public void Files_that_are_of_no_use_are_named_with_the_reason(string what, string fault)
    {
        var options = WriteServer("server");
        var encryption = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 2048);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        switch (what)
        {
            case "absent":
                File.Delete(options.Certificate!);
                break;
            case "directory":
                File.Delete(options.Certificate!);
                Directory.CreateDirectory(options.Certificate!);
                break;
            case "empty":
                _authority.Write("server.pem", "");
                break;
            case "no text":
                File.WriteAllBytes(options.Certificate!, [0x30, 0x82, 0xFF]);
                break;
            case "damaged":
                _authority.Write("server.pem", "-----BEGIN CERTIFICATE-----\nMIIBAAAA\n-----END CERTIFICATE-----\n");
                break;
            case "no key":
                _authority.Write("server.key", "nothing");
                break;
            case "another key":
                _authority.Write("server.key", other.ExportPkcs8PrivateKeyPem());
                break;
            case "encrypted":
                _authority.Write("server.key", other.ExportEncryptedPkcs8PrivateKeyPem("secret", encryption));
                break;
            case "wrong password":
                _authority.Write("server.key", other.ExportEncryptedPkcs8PrivateKeyPem("secret", encryption));
                options = options with { KeyPassword = "guess" };
                break;
            case "old encryption":
                _authority.Write("server.key", "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END EC PRIVATE KEY-----\n");
                break;
            case "expired":
                using (var expired = _authority.IssueServer("server", TestAuthority.Now.AddMinutes(-1))) _authority.WriteServer(expired);
                break;
            case "pfx":
                using (var certificate = _authority.IssueServer("server")) File.WriteAllBytes(_authority.PathOf("server.pfx"), certificate.Export(X509ContentType.Pkcs12, "secret"));
                options = new TlsOptions { Pfx = _authority.PathOf("server.pfx"), PfxPassword = "guess" };
                break;
            case "trust":
                _authority.Write("trust.pem", "");
                options = options with { ClientCertificates = ClientCertificates.Required, Trust = _authority.Trust };
                break;
        }

        var found = RenewedHandshake.FindFault(options, TimeProvider.System).ShouldNotBeNull().Replace(_authority.Directory + "/", "", StringComparison.Ordinal);

        found.ShouldStartWith(fault);
        found.ShouldNotContain("secret");
        Should.Throw<TlsFileException>(() => new RenewedHandshake(options, [], TimeProvider.System, new RecordingLogger()));
    }

    [Fact]
    public void A_board_whose_clock_is_late_starts_nevertheless()
    {
        var options = WriteServer("server");

        RenewedHandshake.FindFault(options, new ManualClock()).ShouldBeNull();
    }

    private static X509Certificate2 SelfSignedRsa()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(TestAuthority.Now.AddDays(-1), TestAuthority.Now.AddDays(30));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null, X509KeyStorageFlags.Exportable);
    }

    private TlsOptions WriteServer(string name, string prefix = "server")
    {
        using var certificate = _authority.IssueServer(name);
        var (path, key) = _authority.WriteServer(certificate, prefix);
        return new TlsOptions { Certificate = path, Key = key };
    }

    private static async Task<string> ShownByAsync(TlsServer server)
    {
        await using var client = await server.ConnectAsync();
        (await TlsServer.EchoesAsync(client)).ShouldBeTrue();
        return client.RemoteCertificate.ShouldNotBeNull().Subject;
    }

    private static async Task<bool> IsWelcomeAsync(TlsServer server, X509Certificate2 certificate)
    {
        try
        {
            await using var client = await server.ConnectAsync(certificate: certificate);
            return await TlsServer.EchoesAsync(client);
        }
        catch (Exception failure) when (failure is IOException or System.Security.Authentication.AuthenticationException)
        {
            return false;
        }
    }
}
