using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Tests.Wire;

namespace Kuzzle.Edge.Broker.Tests.Access;

public sealed class AuthenticationTests
{
    private static readonly AccessPolicy Closed = new();
    private static readonly AccessPolicy Welcoming = new() { Anonymous = AnonymousAccess.Allowed };

    [Theory]
    [InlineData("alice", "ecila", "20020000")]
    [InlineData("alice", "wrong", "20020004")]
    [InlineData("alice", "", "20020004")]
    [InlineData("alice", null, "20020004")]
    [InlineData("Alice", "ecila", "20020004")]
    [InlineData("", "x", "20020004")]
    [InlineData("nobody", "ecila", "20020004")]
    [InlineData(null, null, "20020005")]
    public async Task A_user_comes_in_with_its_password_and_nobody_else(string? user, string? password, string connack)
    {
        await using var broker = new BrokerUnderTest { Profile = Policies.Profile(Closed.With("alice", "bob")) };

        var client = await broker.OpenAsync(Packet.Connect("c", user: user, password: password));

        await client.ExpectAsync(Convert.FromHexString(connack));
        broker.Broker.Core.Sessions.Count.ShouldBe(connack.EndsWith("00", StringComparison.Ordinal) ? 1 : 0);
    }

    [Fact]
    public async Task Mqtt_5_says_why()
    {
        await using var broker = new BrokerUnderTest { Profile = Policies.Profile(Closed.With("alice")) };

        await (await broker.OpenAsync(Packet.Connect("c", 5, user: "alice", password: "x"), 5)).ExpectClosedAsync(0x20, 3, 0, 0x86, 0);
        await (await broker.OpenAsync(Packet.Connect("c", 5), 5)).ExpectClosedAsync(0x20, 3, 0, 0x87, 0);
    }

    [Fact]
    public async Task A_password_without_a_user_name_proves_nothing()
    {
        await using var broker = new BrokerUnderTest { Profile = Policies.Profile(Closed.With("alice")) };

        await (await broker.OpenAsync(Packet.Connect("c", 5, password: "ecila"), 5)).ExpectClosedAsync(0x20, 3, 0, 0x87, 0);
    }

    [Theory]
    [InlineData(null, null, "20020000")]
    [InlineData("alice", "ecila", "20020000")]
    [InlineData("alice", "wrong", "20020004")]
    [InlineData("nobody", "x", "20020004")]
    public async Task Where_anonymous_clients_are_welcome_a_user_name_must_still_be_right(string? user, string? password, string connack)
    {
        await using var broker = new BrokerUnderTest { Profile = Policies.Profile(Welcoming.With("alice")) };

        await (await broker.OpenAsync(Packet.Connect("c", user: user, password: password))).ExpectAsync(Convert.FromHexString(connack));
    }

    [Fact]
    public async Task Where_nobody_has_a_password_any_user_name_is_an_anonymous_client()
    {
        var seen = new Watching(Policies.Profile(Welcoming));
        await using var broker = new BrokerUnderTest { Profile = seen };

        await (await broker.OpenAsync(Packet.Connect("c", user: "whoever", password: "x"))).ExpectAsync(0x20, 2, 0, 0);

        seen.Identity.ShouldBe(ClientIdentity.Anonymous);
    }

    [Fact]
    public async Task After_too_many_failures_a_client_is_told_to_come_later()
    {
        await using var broker = new BrokerUnderTest { Profile = Policies.Profile(Closed.With("alice")) };
        for (var i = 0; i < 10; i++) await (await broker.OpenAsync(Packet.Connect("c", user: "alice", password: "x"))).ExpectClosedAsync(0x20, 2, 0, 4);

        await (await broker.OpenAsync(Packet.Connect("c", user: "alice", password: "x"))).ExpectClosedAsync(0x20, 2, 0, 3);
        await (await broker.OpenAsync(Packet.Connect("c", 5, user: "alice", password: "x"), 5)).ExpectClosedAsync(0x20, 3, 0, 0x9F, 0);
    }

    [Fact]
    public async Task A_user_who_is_shut_out_does_not_come_in_whatever_it_proves()
    {
        var policy = Closed.With("alice");
        policy = policy with { Users = policy.Users.ToDictionary(user => user.Key, user => user.Value with { IsDisabled = true }, StringComparer.Ordinal) };
        await using var broker = new BrokerUnderTest { Profile = Policies.Profile(policy) };

        await (await broker.OpenAsync(Packet.Connect("c", user: "alice", password: "ecila"))).ExpectClosedAsync(0x20, 2, 0, 5);
        await (await broker.OpenAsync(Packet.Connect("c"), peer: PskPeer("alice"))).ExpectClosedAsync(0x20, 2, 0, 5);
    }

    [Theory]
    [InlineData(null, "user:pump-1", IdentityProof.Certificate)]
    [InlineData("pump-1", "user:pump-1", IdentityProof.Certificate)]
    [InlineData("alice", "user:alice", IdentityProof.Password)]
    public async Task A_certificate_names_its_client_unless_that_wants_to_be_known_by_a_password(string? user, string identity, IdentityProof proof)
    {
        var seen = new Watching(Policies.Profile(Closed.With("alice")));
        await using var broker = new BrokerUnderTest { Profile = seen };
        using var certificate = Certificate("CN=pump-1, O=Plant");
        var peer = new MqttPeer(MqttTransport.Tls, null) { Certificate = certificate };

        await (await broker.OpenAsync(Packet.Connect("c", user: user, password: user is null ? null : "ecila"), peer: peer)).ExpectAsync(0x20, 2, 0, 0);

        seen.Identity.ToString().ShouldBe(identity);
        seen.Identity.Proof.ShouldBe(proof);
    }

    [Fact]
    public async Task A_certificate_or_key_counts_only_where_the_listener_says_so()
    {
        await using var broker = new BrokerUnderTest { Profile = Policies.Profile(Closed with { Methods = [AuthenticationMethod.Password] }) };
        using var certificate = Certificate("CN=pump-1");

        await (await broker.OpenAsync(Packet.Connect("c"), peer: new MqttPeer(MqttTransport.Tls, null) { Certificate = certificate })).ExpectClosedAsync(0x20, 2, 0, 5);
        await (await broker.OpenAsync(Packet.Connect("c"), peer: PskPeer("pump-1"))).ExpectClosedAsync(0x20, 2, 0, 5);
    }

    [Fact]
    public async Task A_pre_shared_key_names_its_client()
    {
        var seen = new Watching(Policies.Profile(Closed));
        await using var broker = new BrokerUnderTest { Profile = seen };

        await (await broker.OpenAsync(Packet.Connect("c"), peer: PskPeer("pump-2"))).ExpectAsync(0x20, 2, 0, 0);

        seen.Identity.ShouldBe(new ClientIdentity(IdentityKind.User, "pump-2") { Proof = IdentityProof.PreSharedKey });
    }

    [Theory]
    [InlineData("CN=pump-1, O=Plant", CertificateName.CommonName, "pump-1")]
    [InlineData("CN=a, CN=b", CertificateName.CommonName, null)]
    [InlineData("O=Plant", CertificateName.CommonName, null)]
    [InlineData("CN=pump-1, O=Plant", CertificateName.Subject, "CN=pump-1, O=Plant")]
    [InlineData("", CertificateName.Subject, null)]
    [InlineData("CN=x", CertificateName.DnsName, "pump-1.plant.example")]
    [InlineData("CN=x", CertificateName.Email, "pump-1@plant.example")]
    [InlineData("CN=x", CertificateName.Uri, "urn:plant:pump-1")]
    public void The_name_is_read_from_where_the_listener_says(string subject, CertificateName source, string? name)
    {
        using var certificate = Certificate(subject);

        CertificateAuthenticator.NameOf(certificate, source).ShouldBe(name);
    }

    [Fact]
    public void Two_alternative_names_of_a_kind_name_nobody()
    {
        using var certificate = Certificate("CN=x", "a.example", "b.example");

        CertificateAuthenticator.NameOf(certificate, CertificateName.DnsName).ShouldBeNull();
    }

    [Fact]
    public async Task Others_are_asked_after_the_configured_users_until_one_knows_the_client()
    {
        var seen = new Watching(Policies.Profile(Closed.With("alice"), new Knowing("x"), new Knowing("dev@app"), new Knowing("alice")));
        await using var broker = new BrokerUnderTest { Profile = seen };

        await (await broker.OpenAsync(Packet.Connect("c", user: "dev@app", password: "any"))).ExpectAsync(0x20, 2, 0, 0);
        seen.Identity.ShouldBe(new ClientIdentity(IdentityKind.Device, "dev@app") { Proof = IdentityProof.Password });

        await (await broker.OpenAsync(Packet.Connect("d", user: "alice", password: "any"))).ExpectClosedAsync(0x20, 2, 0, 4);
        await (await broker.OpenAsync(Packet.Connect("d", user: "nobody", password: "any"))).ExpectClosedAsync(0x20, 2, 0, 4);
    }

    [Fact]
    public async Task A_listener_may_give_each_client_its_user_name_as_identifier()
    {
        await using var broker = new BrokerUnderTest { Profile = Policies.Profile(Welcoming.With("alice") with { UseUserNameAsClientId = true }) };

        await (await broker.OpenAsync(Packet.Connect("whatever", user: "alice", password: "ecila"))).ExpectAsync(0x20, 2, 0, 0);
        broker.Broker.Core.Sessions.Find("alice").ShouldNotBeNull();

        await (await broker.OpenAsync(Packet.Connect("c"))).ExpectClosedAsync(0x20, 2, 0, 5);
    }

    [Theory]
    [InlineData("alice", "alice-1", "20020000")]
    [InlineData("alice", "lab-1", "20020000")]
    [InlineData("alice", "bob-1", "20020002")]
    [InlineData(null, "-1", "20020002")]
    [InlineData(null, "lab-2", "20020000")]
    public async Task A_listener_may_say_how_client_identifiers_begin(string? user, string clientId, string connack)
    {
        await using var broker = new BrokerUnderTest { Profile = Policies.Profile(Welcoming.With("alice") with { ClientIdPrefixes = ["%u-", "lab-"] }) };

        var client = await broker.OpenAsync(Packet.Connect(clientId, user: user, password: user is null ? null : "ecila"));

        await client.ExpectAsync(Convert.FromHexString(connack));
    }

    private static MqttPeer PskPeer(string identity) => new(MqttTransport.Tls, null) { PskIdentity = identity };

    private static X509Certificate2 Certificate(string subject, params string[] moreDnsNames)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("pump-1.plant.example");
        names.AddEmailAddress("pump-1@plant.example");
        names.AddUri(new Uri("urn:plant:pump-1"));
        foreach (var name in moreDnsNames) names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }

    private sealed class Knowing(string name) : IClientAuthenticator
    {
        public ValueTask<AuthenticationOutcome> AuthenticateAsync(IMqttClient client, ReadOnlyMemory<byte> password, CancellationToken cancellationToken) =>
            new(client.UserName == name
                ? AuthenticationOutcome.Accept(new ClientIdentity(IdentityKind.Device, name) { Proof = IdentityProof.Password })
                : AuthenticationOutcome.NoOpinion);
    }
}
