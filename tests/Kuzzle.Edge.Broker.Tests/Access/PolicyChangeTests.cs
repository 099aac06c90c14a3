using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Tests.Wire;
using static Kuzzle.Edge.Broker.Tests.Access.Policies;

namespace Kuzzle.Edge.Broker.Tests.Access;

/// <summary>A policy that changes under the feet of connected clients.</summary>
public sealed class PolicyChangeTests
{
    private static readonly AccessPolicy Closed = new();
    private static readonly byte[] ByAdministrator = [0xE0, 1, 0x98];

    [Fact]
    public async Task Rights_change_for_what_connected_clients_do_next()
    {
        var policy = Closed.With("alice").With(Rule("user:alice", read: ["#"], write: ["#"]));
        var profile = Profile(policy);
        await using var broker = new BrokerUnderTest { Profile = profile };
        var alice = await AliceAsync(broker);
        await alice.SubscribeAsync("#");
        broker.Broker.Publish(new MqttMessage("a", Bytes("1")));
        (await alice.ReceivePublishAsync()).Payload.ShouldBe("1");

        profile.Change(policy.With(Rule("user:alice", read: ["b"], write: ["c"])));

        broker.Broker.Publish(new MqttMessage("a", Bytes("2")));
        broker.Broker.Publish(new MqttMessage("b", Bytes("3")));
        (await alice.ReceivePublishAsync()).Payload.ShouldBe("3");
        await alice.SendAsync(Packet.Publish5("a", "4", 1, id: 1), Packet.Subscribe5(2, [], ("a", 0)));
        await alice.ExpectAsync(0x40, 3, 0, 1, 0x87);
        await alice.ExpectAsync(0x90, 4, 0, 2, 0, 0x87);
    }

    [Fact]
    public async Task A_user_who_is_removed_disabled_or_has_a_new_password_is_closed_and_its_will_is_not_heard()
    {
        var policy = Closed.With("alice", "bob");
        AccessPolicy[] changes =
        [
            policy with { Users = policy.Users.Where(user => user.Key != "alice").ToDictionary(StringComparer.Ordinal) },
            policy with { Users = new Dictionary<string, AccessUser>(policy.Users, StringComparer.Ordinal) { ["alice"] = policy.Users["alice"] with { IsDisabled = true } } },
            policy.With("alice", "bob"), // The same passwords with another salt: whoever set them anew meant it.
            policy with { Methods = [AuthenticationMethod.Certificate] },
        ];
        foreach (var change in changes)
        {
            var profile = Profile(policy);
            await using var broker = new BrokerUnderTest { Profile = profile };
            var alice = await AliceAsync(broker, new Packet.Will("gone", "alice", Retain: true));

            profile.Change(change);

            await alice.ExpectClosedAsync(ByAdministrator);
            broker.Broker.Core.Retained.Count.ShouldBe(0, "the will would be kept if it had been published");
        }
    }

    [Fact]
    public async Task Who_is_not_concerned_stays()
    {
        var policy = Closed.With("alice", "bob") with { Anonymous = AnonymousAccess.Allowed };
        var profile = Profile(policy);
        await using var broker = new BrokerUnderTest { Profile = profile };
        var alice = await AliceAsync(broker);
        var stranger = await broker.ConnectAsync("stranger");

        profile.Change(policy with { Users = policy.Users.Where(user => user.Key != "bob").ToDictionary(StringComparer.Ordinal) });

        await alice.ExpectNothingAsync();
        await stranger.ExpectNothingAsync();
    }

    [Fact]
    public async Task Anonymous_clients_go_when_they_are_not_welcome_any_more()
    {
        var policy = new AccessPolicy { Anonymous = AnonymousAccess.Allowed };
        var profile = Profile(policy);
        await using var broker = new BrokerUnderTest { Profile = profile };
        var silent = await broker.ConnectAsync("silent", version: 5);
        var claiming = await broker.OpenAsync(Packet.Connect("claiming", 5, user: "alice", password: "x"), 5);
        await claiming.ReceiveAsync();

        profile.Change(policy.With("alice"));
        await claiming.ExpectClosedAsync(ByAdministrator);
        await silent.ExpectNothingAsync();

        profile.Change(new AccessPolicy());
        await silent.ExpectClosedAsync(ByAdministrator);
    }

    [Fact]
    public async Task A_client_that_is_judged_while_the_policy_changes_does_not_slip_through()
    {
        var policy = Closed.With("alice");
        var asked = new Hesitating();
        var profile = Profile(policy with { Methods = [] }, asked);
        await using var broker = new BrokerUnderTest { Profile = profile };
        var client = await broker.OpenAsync(Packet.Connect("c", 5, user: "alice", password: "x"), 5);
        await asked.Asked;

        profile.Change(policy with { Users = new Dictionary<string, AccessUser>(StringComparer.Ordinal) { ["alice"] = new("alice", null, IsDisabled: true) } });
        asked.Accept();

        (await client.ReceiveAsync())[0].ShouldBe((byte)0x20);
        await client.ExpectClosedAsync(ByAdministrator);
    }

    private static async Task<WireClient> AliceAsync(BrokerUnderTest broker, Packet.Will? will = null)
    {
        var alice = await broker.OpenAsync(Packet.Connect("c", 5, will: will, user: "alice", password: "ecila"), 5);
        (await alice.ReceiveAsync())[3].ShouldBe((byte)0);
        return alice;
    }

    private sealed class Hesitating : IClientAuthenticator
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public void Accept() => _answer.SetResult();

        public async ValueTask<AuthenticationOutcome> AuthenticateAsync(IMqttClient client, ReadOnlyMemory<byte> password, CancellationToken cancellationToken)
        {
            _asked.SetResult();
            await _answer.Task;
            return AuthenticationOutcome.Accept(new ClientIdentity(IdentityKind.User, "alice") { Proof = IdentityProof.Password });
        }
    }
}
