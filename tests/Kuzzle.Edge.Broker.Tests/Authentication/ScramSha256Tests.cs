using System.Text;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Authentication;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Tests.Authentication;

public sealed class ScramSha256Tests
{
    private const string ServerNonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private const string ClientFirst = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
    private const string ServerFirst = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private const string ClientLast = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    private const string ServerLast = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

    private static readonly ScramCredential Pencil = ScramCredential.Derive("pencil", Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);

    [Fact]
    public async Task The_example_of_rfc_7677_comes_out()
    {
        var client = new Someone();
        var exchange = new ScramSha256Exchange(client, _ => (Pencil, true), ServerNonce);

        (await AnswerAsync(exchange, ClientFirst)).ShouldBe((ServerFirst, false, ReasonCode.Success));
        (await AnswerAsync(exchange, ClientLast)).ShouldBe((ServerLast, true, ReasonCode.Success));

        client.Identity.ShouldBe(new ClientIdentity(IdentityKind.User, "user") { Proof = IdentityProof.Exchange });
    }

    [Fact]
    public void The_test_client_says_what_the_rfc_does()
    {
        var client = new ScramClient("user", "pencil", "rOprNGfwEbeRWgbNEkqO");

        Encoding.UTF8.GetString(client.First).ShouldBe(ClientFirst);
        Encoding.UTF8.GetString(client.Last(Encoding.UTF8.GetBytes(ServerFirst))).ShouldBe(ClientLast);
        client.Trusts(Encoding.UTF8.GetBytes(ServerLast)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("", ReasonCode.Success, "the first message may come later")]
    [InlineData("p=tls-unique,,n=user,r=x", ReasonCode.NotAuthorized, "channel binding")]
    [InlineData("n,a=other,n=user,r=x", ReasonCode.NotAuthorized, "for another")]
    [InlineData("n,,n=,r=x", ReasonCode.NotAuthorized, "no name")]
    [InlineData("n,,n=a=2cb,r=x", ReasonCode.NotAuthorized, "an escape that is none")]
    [InlineData("n,,n=user", ReasonCode.NotAuthorized, "no nonce")]
    [InlineData("n,,m=x,n=user,r=x", ReasonCode.NotAuthorized, "an extension that must be understood")]
    [InlineData("\0", ReasonCode.NotAuthorized, "nothing of it")]
    public async Task A_wrong_first_message_is_refused(string message, ReasonCode code, string what) =>
        (await AnswerAsync(new ScramSha256Exchange(new Someone(), _ => (Pencil, true), ServerNonce), message)).Code.ShouldBe(code, what);

    [Theory]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0", ReasonCode.NotAuthorized, "no proof")]
    [InlineData("c=biws,r=other,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", ReasonCode.NotAuthorized, "another nonce")]
    [InlineData("c=eSws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", ReasonCode.NotAuthorized, "another header")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzb", ReasonCode.NotAuthorized, "a short proof")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=AHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", ReasonCode.BadUserNameOrPassword, "a wrong proof")]
    public async Task A_wrong_last_message_is_refused(string message, ReasonCode code, string what)
    {
        var client = new Someone();
        var exchange = new ScramSha256Exchange(client, _ => (Pencil, true), ServerNonce);
        _ = await AnswerAsync(exchange, ClientFirst);

        (await AnswerAsync(exchange, message)).ShouldBe(("", true, code), what);

        client.Identity.ShouldBe(ClientIdentity.Anonymous);
    }

    [Fact]
    public async Task A_name_that_nobody_has_looks_like_one_that_somebody_has()
    {
        var authenticator = new ScramSha256Authenticator(new Dictionary<string, ScramCredential> { ["user"] = ScramCredential.Derive("pencil", new byte[20], 5000) });
        var challenges = new List<string>();
        foreach (var name in (string[])["nobody", "nobody", "noone"])
        {
            var exchange = authenticator.BeginExchange(new Someone(), "SCRAM-SHA-256").ShouldNotBeNull();
            var client = new ScramClient(name, "pencil", "abc");
            var (challenge, _, _) = await AnswerAsync(exchange, Encoding.UTF8.GetString(client.First));
            challenges.Add(challenge[challenge.IndexOf(",s=", StringComparison.Ordinal)..]);
            (await AnswerAsync(exchange, Encoding.UTF8.GetString(client.Last(Encoding.UTF8.GetBytes(challenge))))).Code.ShouldBe(ReasonCode.BadUserNameOrPassword);
        }

        challenges[0].ShouldBe(challenges[1], "a salt that changed would tell");
        challenges[0].ShouldNotBe(challenges[2]);
        challenges.ShouldAllBe(challenge => challenge.EndsWith(",i=5000", StringComparison.Ordinal));
    }

    [Fact]
    public void A_credential_that_would_be_weak_is_not_made()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => ScramCredential.Derive("x", new byte[16], 4095));
        Should.Throw<ArgumentOutOfRangeException>(() => ScramCredential.Derive("x", new byte[7], 4096));
        Should.Throw<ArgumentOutOfRangeException>(() => ScramCredential.Restore(new byte[16], 4096, new byte[31], new byte[32]));
        var again = ScramCredential.Restore(Pencil.Salt.Span, Pencil.Iterations, Pencil.StoredKey.Span, Pencil.ServerKey.Span);
        again.StoredKey.ToArray().ShouldBe(Pencil.StoredKey.ToArray());
    }

    private static async Task<(string Data, bool IsLast, ReasonCode Code)> AnswerAsync(IAuthenticationExchange exchange, string message)
    {
        var step = await exchange.ContinueAsync(Encoding.UTF8.GetBytes(message), CancellationToken.None);
        return (Encoding.UTF8.GetString(step.Data.Span), step.IsLast, step.Refusal.Code);
    }

    private sealed class Someone : IMqttClient
    {
        public string ClientId => "someone";

        public string? UserName => null;

        public MqttPeer Peer { get; } = new(MqttTransport.Memory, null);

        public ClientIdentity Identity { get; set; } = ClientIdentity.Anonymous;

        public object? ProfileState { get; set; }

        public void Send(MqttMessage message) => throw new InvalidOperationException("Nothing is sent to it.");

        public void Close() => throw new InvalidOperationException("It has no connection.");
    }
}
