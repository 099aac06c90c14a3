using System.Diagnostics;
using System.Globalization;
using System.Net;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Tests.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Broker.Tests.Access;

public sealed class PasswordGateTests
{
    private static readonly PasswordHash Cheap = PasswordHash.Create("right"u8, iterations: 1);

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Under_one_name_so_many_logins_fail_and_then_one_each_five_seconds()
    {
        using var gate = new PasswordGate(_clock, 1, 10);

        for (var i = 0; i < 10; i++) (await TryAsync(gate, From(i), "alice", "wrong")).ShouldBe(ConnectRuling.BadCredentials);
        (await TryAsync(gate, From(99), "alice", "wrong")).ShouldBe(ConnectRuling.TooManyAttempts);
        (await TryAsync(gate, From(99), "alice", "right")).ShouldBe(ConnectRuling.TooManyAttempts);
        (await TryAsync(gate, From(99), "bob", "right")).ShouldBe(ConnectRuling.Accept);

        _clock.Advance(TimeSpan.FromSeconds(5));
        (await TryAsync(gate, From(99), "alice", "wrong")).ShouldBe(ConnectRuling.BadCredentials);
        (await TryAsync(gate, From(99), "alice", "wrong")).ShouldBe(ConnectRuling.TooManyAttempts);
    }

    [Fact]
    public async Task From_one_address_so_many_logins_fail_whatever_the_names()
    {
        using var gate = new PasswordGate(_clock, 1, 10);

        for (var i = 0; i < 20; i++) (await TryAsync(gate, From(1), $"user{i}", "wrong")).ShouldBe(ConnectRuling.BadCredentials);

        (await TryAsync(gate, From(1), "other", "right")).ShouldBe(ConnectRuling.TooManyAttempts);
        (await TryAsync(gate, From(2), "other", "right")).ShouldBe(ConnectRuling.Accept);
    }

    [Fact]
    public async Task One_machine_does_not_get_more_by_using_more_of_its_ipv6_addresses()
    {
        using var gate = new PasswordGate(_clock, 1, 10);

        for (var i = 0; i < 20; i++) await TryAsync(gate, Peer(string.Create(CultureInfo.InvariantCulture, $"2001:db8::{i + 1:x}")), $"user{i}", "wrong");

        (await TryAsync(gate, Peer("2001:db8::ffff"), "other", "right")).ShouldBe(ConnectRuling.TooManyAttempts);
        (await TryAsync(gate, Peer("2001:db8:0:1::1"), "other", "right")).ShouldBe(ConnectRuling.Accept);
    }

    [Fact]
    public async Task Logins_that_succeed_use_nothing_up()
    {
        using var gate = new PasswordGate(_clock, 1, 10);

        for (var i = 0; i < 50; i++) (await TryAsync(gate, From(1), "alice", "right", PasswordHash.Create("right"u8, 1))).ShouldBe(ConnectRuling.Accept);
    }

    [Fact]
    public async Task Who_has_proven_a_password_is_known_while_strangers_guess_it()
    {
        using var gate = new PasswordGate(_clock, 1, 10);
        (await TryAsync(gate, From(1), "alice", "right")).ShouldBe(ConnectRuling.Accept);

        for (var i = 0; i < 15; i++) await TryAsync(gate, From(2), "alice", "wrong");

        (await TryAsync(gate, From(1), "alice", "right")).ShouldBe(ConnectRuling.Accept);
        (await TryAsync(gate, From(1), "alice", "wrong")).ShouldBe(ConnectRuling.TooManyAttempts);
    }

    [Fact]
    public async Task A_password_that_was_right_for_an_old_hash_is_not_right_for_the_new_one()
    {
        using var gate = new PasswordGate(_clock, 1, 10);
        (await TryAsync(gate, From(1), "alice", "right")).ShouldBe(ConnectRuling.Accept);

        (await TryAsync(gate, From(1), "alice", "right", PasswordHash.Create("new"u8, 1))).ShouldBe(ConnectRuling.BadCredentials);
    }

    [Fact]
    public async Task A_user_who_does_not_exist_is_refused_even_with_the_decoys_password()
    {
        using var gate = new PasswordGate(_clock, 1, 10);

        (await gate.RefuseAsync(From(1), "nobody", Cheap, "right"u8.ToArray(), CancellationToken.None)).ShouldBe(ConnectRuling.BadCredentials);
        (await TryAsync(gate, From(1), "nobody", "wrong")).ShouldBe(ConnectRuling.BadCredentials);
    }

    [Fact]
    public async Task A_user_who_does_not_exist_costs_what_a_wrong_password_costs()
    {
        var users = new Dictionary<string, AccessUser>(StringComparer.Ordinal) { ["alice"] = new("alice", PasswordHash.Create("right"u8, iterations: 400_000)) };
        using var gate = new PasswordGate(_clock, 1, 10);
        var profile = new OpenProfile(new AccessPolicy { Users = users }, gate, [], NullLogger.Instance);
        await using var broker = new BrokerUnderTest { Profile = profile };

        var known = await TimeOfRefusalAsync(broker, "alice");
        var unknown = await TimeOfRefusalAsync(broker, "nobody");

        // Both are some hundred milliseconds; a refusal without a check would take less than one.
        unknown.ShouldBeGreaterThan(known / 5);
        known.ShouldBeGreaterThan(unknown / 5);
    }

    [Fact]
    public async Task More_than_may_wait_are_told_to_come_later_and_nobody_blocks_the_caller()
    {
        using var gate = new PasswordGate(_clock, concurrency: 1, maxWaiting: 1);
        var slow = PasswordHash.Create("right"u8, iterations: 300_000);

        var first = TryAsync(gate, From(1), "a", "right", slow).AsTask();
        var second = TryAsync(gate, From(2), "b", "right", slow).AsTask();
        var third = TryAsync(gate, From(3), "c", "right", slow).AsTask();

        (await third).ShouldBe(ConnectRuling.Busy);
        (await first).ShouldBe(ConnectRuling.Accept);
        (await second).ShouldBe(ConnectRuling.Accept);
    }

    [Fact]
    public async Task Who_waits_in_vain_uses_nothing_up()
    {
        using var gate = new PasswordGate(_clock, concurrency: 1, maxWaiting: 100);
        var slow = PasswordHash.Create("right"u8, iterations: 300_000);
        var first = TryAsync(gate, From(1), "a", "right", slow).AsTask();
        using var gone = new CancellationTokenSource();

        var waiting = Enumerable.Range(0, 15).Select(_ => gate.CheckAsync(From(2), "b", slow, "right"u8.ToArray(), gone.Token).AsTask()).ToList();
        await gone.CancelAsync();
        foreach (var task in waiting.Take(10)) await Should.ThrowAsync<OperationCanceledException>(() => task);
        foreach (var task in waiting.Skip(10)) (await task).ShouldBe(ConnectRuling.TooManyAttempts, "ten at once may be under way");

        (await first).ShouldBe(ConnectRuling.Accept);
        (await TryAsync(gate, From(2), "b", "right", Cheap)).ShouldBe(ConnectRuling.Accept);
    }

    [Fact]
    public void Failures_are_remembered_of_so_many_names_only_and_those_who_fail_most_are_kept()
    {
        var allowance = new FailureAllowance(2, TimeSpan.FromHours(1), _clock);
        allowance.TryTake("worst").ShouldBeTrue();
        allowance.TryTake("worst").ShouldBeTrue();

        for (var i = 0; i < 2 * FailureAllowance.Capacity; i++) allowance.TryTake($"name{i}");

        allowance.Count.ShouldBe(FailureAllowance.Capacity);
        allowance.TryTake("worst").ShouldBeFalse();
    }

    [Fact]
    public void What_was_given_back_is_forgotten()
    {
        var allowance = new FailureAllowance(2, TimeSpan.FromHours(1), _clock);

        allowance.TryTake("a").ShouldBeTrue();
        allowance.GiveBack("a");

        allowance.Count.ShouldBe(0);
    }

    private static async Task<TimeSpan> TimeOfRefusalAsync(BrokerUnderTest broker, string user)
    {
        var asked = Stopwatch.GetTimestamp();
        await (await broker.OpenAsync(Packet.Connect("c", user: user, password: "wrong"))).ExpectClosedAsync(0x20, 2, 0, 4);
        return Stopwatch.GetElapsedTime(asked);
    }

    private static MqttPeer From(int host) => Peer($"192.0.2.{host}");

    private static MqttPeer Peer(string address) => new(MqttTransport.Tcp, new IPEndPoint(IPAddress.Parse(address), 40_000));

    private static ValueTask<ConnectRuling> TryAsync(PasswordGate gate, MqttPeer peer, string user, string password, PasswordHash? hash = null) =>
        gate.CheckAsync(peer, user, hash ?? Cheap, System.Text.Encoding.UTF8.GetBytes(password), CancellationToken.None);
}
